/* The border to libosmium: the only file that includes it, and the only C++ in the
 * library.
 *
 * libosmium decodes in threads of its own and throws what goes wrong there at the next
 * read on ours. Everything it throws is caught in mu_osm_read and becomes a status with
 * one line of English. Some of its habits are turned off here:
 *
 *   - It takes "http:" and "file:" at the start of a name for an address and forks curl;
 *     "-" is standard input to it. So a relative name is given to it with "./" before.
 *   - It guesses the format from the name. We look at the first bytes.
 *   - Its default thread pool lives until the program ends and takes all cores but two.
 *     Ours has two threads and is gone when the call returns. */
#include "gis/osm_reader.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <osmium/io/bzip2_compression.hpp>
#include <osmium/io/gzip_compression.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/osm.hpp>
#include <osmium/thread/pool.hpp>
#include <unistd.h>

namespace {

constexpr int DECODING_THREADS = 2;

struct file_closer {
    void operator()(std::FILE *file) const { std::fclose(file); }
};

muster_status cannot_open(const char *path) {
    return muster_fail(MUSTER_E_IO, "cannot open \"%s\": %s", path, std::strerror(errno));
}

bool starts_with(const std::string &text, const char *prefix) {
    return text.compare(0, std::strlen(prefix), prefix) == 0;
}

bool looks_like_xml(const std::string &head) {
    const std::size_t after_mark = starts_with(head, "\xEF\xBB\xBF") ? 3 : 0;
    const std::size_t first      = head.find_first_not_of(" \t\r\n", after_mark);
    return first != std::string::npos && head[first] == '<';
}

/* A PBF file begins with the length of a header whose first field is "OSMHeader". */
bool looks_like_pbf(const std::string &head) {
    return head.size() >= 15 && head[0] == 0 && head.compare(4, 11, "\x0A\x09OSMHeader") == 0;
}

const char *format_of(const std::string &head) {
    if (looks_like_pbf(head)) return "pbf";
    if (starts_with(head, "\x1F\x8B")) return "osm.gz";
    if (starts_with(head, "BZh")) return "osm.bz2";
    return looks_like_xml(head) ? "osm" : nullptr;
}

muster_status detect_format(const char *path, const char **out) {
    const std::unique_ptr<std::FILE, file_closer> file{std::fopen(path, "rb")};
    if (!file) return cannot_open(path);
    char              bytes[512];
    const std::size_t count = std::fread(bytes, 1, sizeof bytes, file.get());
    if (std::ferror(file.get())) { /* a folder opens, but does not read */
        return muster_fail(MUSTER_E_IO, "cannot read \"%s\": %s", path, std::strerror(errno));
    }
    if (count == 0) return muster_fail(MUSTER_E_FORMAT, "\"%s\" is empty", path);
    *out = format_of(std::string(bytes, count));
    if (*out) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\" is not an OpenStreetMap file; expected .osm.pbf, .osm, .osm.gz or "
                       ".osm.bz2",
                       path);
}

/* libosmium's reader of PBF closes the file that it is given when all has gone well, and forgets it
 * where it throws: a program that met damaged files would run out of descriptors. Found by fuzzing. */
class ClosingPbfParser final : public osmium::io::detail::Parser {
  public:
    explicit ClosingPbfParser(osmium::io::detail::parser_arguments &arguments)
        : Parser(arguments), parser(arguments), output(arguments.output_queue), file(arguments.fd) {
    }

    void run() override {
        try {
            parser.run();
        } catch (...) {
            if (file >= 0) close(file);
            osmium::io::detail::add_to_queue(output, std::current_exception());
        }
    }

  private:
    osmium::io::detail::PBFParser                 parser;
    osmium::io::detail::future_buffer_queue_type &output;
    int                                           file;
};

/* In the place of libosmium's own, which the header has put there. */
const bool is_registered = osmium::io::detail::ParserFactory::instance().register_parser(
    osmium::io::file_format::pbf, [](osmium::io::detail::parser_arguments &arguments) {
        return std::unique_ptr<osmium::io::detail::Parser>(new ClosingPbfParser{arguments});
    });

/* The NUL-ended text at *cursor, which is moved behind it. libosmium's own iterator trusts
 * that a list holds keys and values in turn, and runs past its end where a damaged PBF has
 * a NUL inside one; found by fuzzing. */
const char *take_text(const char **cursor, const char *end) {
    const char *text = *cursor;
    const void *nul  = std::memchr(text, 0, static_cast<std::size_t>(end - text));
    if (!nul) throw std::runtime_error{"a tag has a NUL character"};
    *cursor = static_cast<const char *>(nul) + 1;
    return text;
}

/* Turns libosmium's objects into ours. The vectors are kept to be filled again. */
class Translator {
  public:
    explicit Translator(const mu_osm_handler &to) : handler(to) {}

    muster_status hand_over(const osmium::memory::Buffer &buffer) {
        for (const osmium::OSMObject &object : buffer.select<osmium::OSMObject>()) {
            if (!object.visible()) continue;
            const muster_status status = hand_over(object);
            if (status != MUSTER_OK) return status;
        }
        return MUSTER_OK;
    }

  private:
    const mu_osm_handler      &handler;
    std::vector<mu_osm_tag>    tags;
    std::vector<int64_t>       node_ids;
    std::vector<mu_osm_member> members;

    muster_status hand_over(const osmium::OSMObject &object) {
        switch (object.type()) {
        case osmium::item_type::node:
            return handler.node ? node(static_cast<const osmium::Node &>(object)) : MUSTER_OK;
        case osmium::item_type::way:
            return handler.way ? way(static_cast<const osmium::Way &>(object)) : MUSTER_OK;
        case osmium::item_type::relation:
            return handler.relation ? relation(static_cast<const osmium::Relation &>(object))
                                    : MUSTER_OK;
        default:
            return MUSTER_OK;
        }
    }

    mu_osm_tags tags_of(const osmium::OSMObject &object) {
        const osmium::TagList &list = object.tags();
        const char            *all  = reinterpret_cast<const char *>(list.data());
        const char            *text = all + sizeof(osmium::TagList), *end = all + list.byte_size();
        tags.clear();
        while (text != end) {
            const char *key   = take_text(&text, end);
            const char *value = take_text(&text, end);
            tags.push_back({key, value});
        }
        return {tags.data(), tags.size()};
    }

    muster_status node(const osmium::Node &object) {
        const osmium::Location place = object.location();
        const mu_osm_node ours{object.id(), place.valid(), place.x(), place.y(), tags_of(object)};
        return handler.node(handler.user, &ours);
    }

    muster_status way(const osmium::Way &object) {
        node_ids.clear();
        for (const osmium::NodeRef &ref : object.nodes()) node_ids.push_back(ref.ref());
        const mu_osm_way ours{object.id(), node_ids.data(), node_ids.size(), tags_of(object)};
        return handler.way(handler.user, &ours);
    }

    muster_status relation(const osmium::Relation &object) {
        members.clear();
        for (const osmium::RelationMember &member : object.members()) {
            members.push_back(
                {osmium::item_type_to_char(member.type()), member.ref(), member.role()});
        }
        const mu_osm_relation ours{object.id(), members.data(), members.size(), tags_of(object)};
        return handler.relation(handler.user, &ours);
    }
};

osmium::osm_entity_bits::type wanted(const mu_osm_handler &handler) {
    osmium::osm_entity_bits::type bits = osmium::osm_entity_bits::nothing;
    if (handler.node) bits |= osmium::osm_entity_bits::node;
    if (handler.way) bits |= osmium::osm_entity_bits::way;
    if (handler.relation) bits |= osmium::osm_entity_bits::relation;
    return bits;
}

muster_status report(const mu_osm_handler &handler, double fraction) {
    if (!handler.progress || handler.progress(handler.progress_user, handler.phase, fraction)) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_CANCELLED, "cancelled while %s", handler.phase);
}

double fraction_read(const osmium::io::Reader &reader) {
    const double size = static_cast<double>(reader.file_size());
    const double read = static_cast<double>(reader.offset());
    return size > 0 && read < size ? read / size : 1.0;
}

muster_status read_objects(const char *path, const char *format, const mu_osm_handler &handler) {
    const std::string      name = path[0] == '/' ? path : std::string("./") + path;
    osmium::thread::Pool   pool{DECODING_THREADS};
    const osmium::io::File file{name, format};
    osmium::io::Reader     reader{file, pool, wanted(handler)};
    Translator             translator{handler};
    muster_status          status = report(handler, 0.0);
    while (status == MUSTER_OK) {
        const osmium::memory::Buffer buffer = reader.read();
        if (!buffer) break;
        status = translator.hand_over(buffer);
        if (status == MUSTER_OK) status = report(handler, fraction_read(reader));
    }
    if (status != MUSTER_OK) return status;
    reader.close(); /* may still throw: a cut gzip stream is noticed here */
    return report(handler, 1.0);
}

} // namespace

muster_status mu_osm_read(const char *path, const mu_osm_handler *handler) {
    try {
        const char         *format = nullptr;
        const muster_status status = detect_format(path, &format);
        return status == MUSTER_OK ? read_objects(path, format, *handler) : status;
    } catch (const std::bad_alloc &) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory while reading \"%s\"", path);
    } catch (const std::system_error &error) {
        return muster_fail(MUSTER_E_IO, "cannot read \"%s\": %s", path, error.what());
    } catch (const std::exception &error) {
        return muster_fail(MUSTER_E_FORMAT, "\"%s\" is damaged or not OpenStreetMap data: %s", path,
                           error.what());
    } catch (...) {
        return muster_fail(MUSTER_E_INTERNAL, "unknown failure while reading \"%s\"", path);
    }
}
