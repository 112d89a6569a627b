/* The border to toml++: the only file that includes it.
 *
 * It is asked not to throw, and what memory that it cannot get throws is caught here. Its tables are
 * sorted by key and forget in which order they were written, so members are sorted by line again. What it
 * makes is copied into our own plain data, which C can read and tests can let fail. */
#include "simulation/toml_document.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#define TOML_EXCEPTIONS        0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

extern "C" {
#include "core/alloc.h"
#include "gis/utf8.h"
#include "session/arena.h"
}

namespace {

constexpr std::size_t MOST_BYTES = std::size_t{64} << 20, NAME_BYTES = 160, READ_BYTES = 1 << 16;

struct file_closer {
    void operator()(std::FILE *file) const { std::fclose(file); }
};

/* The end of a path, for messages. */
struct shown_path {
    char text[NAME_BYTES];
    explicit shown_path(const char *path) { mu_keep_end(text, sizeof text, path); }
};

muster_status read_bytes(const char *path, std::string &out) {
    const std::unique_ptr<std::FILE, file_closer> file{std::fopen(path, "rb")};
    if (!file) {
        return muster_fail(MUSTER_E_IO, "cannot open \"%s\": %s", shown_path{path}.text,
                           std::strerror(errno));
    }
    std::vector<char> piece(READ_BYTES);
    for (;;) {
        const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get());
        out.append(piece.data(), count);
        if (out.size() > MOST_BYTES) {
            return muster_fail(MUSTER_E_FORMAT,
                               "\"%s\" is larger than %zu bytes; expected a "
                               "scenario file",
                               shown_path{path}.text, MOST_BYTES);
        }
        if (count < piece.size()) break;
    }
    if (!std::ferror(file.get())) return MUSTER_OK; /* a folder opens, but does not read */
    return muster_fail(MUSTER_E_IO, "cannot read \"%s\": %s", shown_path{path}.text,
                       std::strerror(errno));
}

/* ---- copying ----------------------------------------------------------------------------- */

std::uint32_t line_of(const toml::node &node) {
    return static_cast<std::uint32_t>(node.source().begin.line);
}

/* Milliseconds since 1970 of what is written as a moment: the days of the proleptic Gregorian calendar
 * (Richards, "Mapping time", 1998), in the form of Hinnant's days_from_civil. */
std::int64_t milliseconds(const toml::date_time &when) {
    const std::int64_t month = when.date.month, day = when.date.day;
    const std::int64_t year        = when.date.year - (month <= 2 ? 1 : 0);
    const std::int64_t era         = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t of_era      = year - era * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t day_of_era  = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    const std::int64_t days        = era * 146097 + day_of_era - 719468;
    const std::int64_t seconds =
        ((days * 24 + when.time.hour) * 60 + when.time.minute - when.offset->minutes) * 60 +
        when.time.second;
    return seconds * 1000 + when.time.nanosecond / 1000000;
}

class Copier {
  public:
    Copier(const char *of, mu_arena &to) : path(of), arena(to) {}

    muster_status copy(const toml::node &from, mu_toml &to) {
        to.line = line_of(from);
        switch (from.type()) {
        case toml::node_type::table:
            return table(*from.as_table(), to);
        case toml::node_type::array:
            return list(*from.as_array(), to);
        case toml::node_type::string:
            to.kind = MU_TOML_TEXT;
            return text(from.as_string()->get(), to.line, &to.text);
        case toml::node_type::integer:
            to.kind    = MU_TOML_INTEGER;
            to.integer = from.as_integer()->get();
            return MUSTER_OK;
        case toml::node_type::floating_point:
            to.kind = MU_TOML_REAL;
            to.real = from.as_floating_point()->get();
            return MUSTER_OK;
        case toml::node_type::boolean:
            to.kind = MU_TOML_FLAG;
            to.flag = from.as_boolean()->get();
            return MUSTER_OK;
        case toml::node_type::date_time:
            return moment(from.as_date_time()->get(), to);
        default:
            to.kind = MU_TOML_CLOCK;
            return MUSTER_OK;
        }
    }

  private:
    const char *path;
    mu_arena   &arena;

    muster_status text(const std::string &from, std::uint32_t line, const char **out) {
        if (from.find('\0') != std::string::npos) {
            return muster_fail(MUSTER_E_FORMAT, "\"%s\", line %u: a text has a NUL character",
                               shown_path{path}.text, line);
        }
        return mu_arena_text(&arena, out, from.c_str());
    }

    static muster_status moment(const toml::date_time &from, mu_toml &to) {
        to.kind = from.offset ? MU_TOML_MOMENT : MU_TOML_CLOCK;
        if (!from.offset) return MUSTER_OK;
        to.integer    = milliseconds(from);
        to.offset_min = from.offset->minutes;
        return MUSTER_OK;
    }

    muster_status list(const toml::array &from, mu_toml &to) {
        mu_toml *item = nullptr;
        to.kind       = MU_TOML_LIST;
        MU_TRY(mu_arena_take(&arena, &item, from.size(), sizeof *item));
        to.item = item;
        for (const toml::node &node : from) MU_TRY(copy(node, item[to.count++]));
        return MUSTER_OK;
    }

    muster_status table(const toml::table &from, mu_toml &to) {
        mu_toml *item = nullptr;
        to.kind       = MU_TOML_TABLE;
        MU_TRY(mu_arena_take(&arena, &item, from.size(), sizeof *item));
        to.item = item;
        for (auto &&[key, node] : from) {
            mu_toml *member = &item[to.count++];
            MU_TRY(text(std::string(key.str()), line_of(node), &member->key));
            MU_TRY(copy(node, *member));
        }
        std::stable_sort(item, item + to.count,
                         [](const mu_toml &a, const mu_toml &b) { return a.line < b.line; });
        return MUSTER_OK;
    }
};

} // namespace

struct mu_toml_document {
    mu_arena arena;
    mu_toml  root;
};

namespace {

muster_status fail_to_parse(const char *path, const toml::parse_error &error) {
    std::string what(error.description());
    for (char &c : what) { /* a message is one line */
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    return muster_fail(MUSTER_E_FORMAT, "\"%s\", line %u: %.300s", shown_path{path}.text,
                       static_cast<unsigned>(error.source().begin.line), what.c_str());
}

muster_status parse(mu_toml_document &document, const char *path) {
    std::string bytes;
    MU_TRY(read_bytes(path, bytes));
    const toml::parse_result result = toml::parse(std::string_view(bytes));
    if (!result) return fail_to_parse(path, result.error());
    return Copier{path, document.arena}.copy(result.table(), document.root);
}

} // namespace

muster_status mu_toml_read(mu_toml_document **out, const char *path) {
    mu_toml_document *document = nullptr;
    *out                       = nullptr;
    MU_TRY(mu_alloc_zeroed(&document, 1, sizeof *document));
    muster_status status;
    try {
        status = parse(*document, path);
    } catch (const std::bad_alloc &) {
        status = muster_fail(MUSTER_E_NOMEM, "out of memory while reading \"%s\"",
                             shown_path{path}.text);
    } catch (...) {
        status = muster_fail(MUSTER_E_INTERNAL, "unknown failure while reading \"%s\"",
                             shown_path{path}.text);
    }
    if (status != MUSTER_OK) {
        mu_toml_free(document);
        return status;
    }
    *out = document;
    return MUSTER_OK;
}

const mu_toml *mu_toml_root(const mu_toml_document *document) {
    return &document->root;
}

void mu_toml_free(mu_toml_document *document) {
    if (!document) return;
    mu_arena_fini(&document->arena);
    mu_free(document);
}
