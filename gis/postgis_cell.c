/* Formats: the functions NAME_send of PostgreSQL 15 (src/backend/utils/adt), and of PostGIS 3.3 the
 * extended well-known binary of lwgeom_to_wkb: the type's upper bits say that an SRID follows it.
 *
 * Nothing is copied. A text gets its NUL by moving one byte down, into its own length, and a
 * geometry exchanges its nine bytes of byte order, type and SRID for the thirteen of a GeoPackage,
 * of which four lie in its own length. */
#include "gis/postgis_cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/big_endian.h"

/* ---- types --------------------------------------------------------------------------- */

mu_postgis_type mu_postgis_type_of(uint32_t oid, uint32_t geometry_oid) {
    enum { /* src/include/catalog/pg_type.dat */
           BOOL        = 16,
           NAME        = 19,
           INT8        = 20,
           INT2        = 21,
           INT4        = 23,
           TEXT        = 25,
           FLOAT4      = 700,
           FLOAT8      = 701,
           BPCHAR      = 1042,
           VARCHAR     = 1043,
           TIMESTAMPTZ = 1184,
           NUMERIC     = 1700
    };
    if (oid == geometry_oid && oid != 0) return MU_POSTGIS_GEOMETRY;
    switch (oid) {
    case BOOL:
        return MU_POSTGIS_BOOLEAN;
    case INT2:
    case INT4:
    case INT8:
        return MU_POSTGIS_INT;
    case FLOAT4:
    case FLOAT8:
        return MU_POSTGIS_FLOAT;
    case NUMERIC:
        return MU_POSTGIS_NUMERIC;
    case NAME:
    case TEXT:
    case BPCHAR:
    case VARCHAR:
        return MU_POSTGIS_TEXT;
    case TIMESTAMPTZ:
        return MU_POSTGIS_MOMENT;
    default:
        return MU_POSTGIS_BYTES;
    }
}

/* ---- numbers ------------------------------------------------------------------------- */

static bool take_int(mu_cell *out, const unsigned char *data, uint32_t size) {
    const uint64_t bits = mu_read_big_endian(data, size <= 8 ? size : 0);
    int64_t        whole;
    switch (size) {
    case 2:
        whole = (int16_t)bits;
        break;
    case 4:
        whole = (int32_t)bits;
        break;
    case 8:
        whole = (int64_t)bits;
        break;
    default:
        return false;
    }
    *out = (mu_cell){.type = MU_CELL_INT, .whole = whole};
    return true;
}

static bool take_float(mu_cell *out, const unsigned char *data, uint32_t size) {
    double value;
    if (size == 4) {
        const uint32_t bits = (uint32_t)mu_read_big_endian(data, 4);
        float          single;
        memcpy(&single, &bits, sizeof single);
        value = (double)single;
    } else if (size == 8) {
        const uint64_t bits = mu_read_big_endian(data, 8);
        memcpy(&value, &bits, sizeof value);
    } else {
        return false;
    }
    *out = (mu_cell){.type = MU_CELL_REAL, .real = value};
    return true;
}

/* Digits to the base of 10,000, of which the first counts 10,000^weight; zeros at the end are not
 * sent. Whole numbers are exact, others have the rounding of a division. */
static bool take_numeric(mu_cell *out, const unsigned char *data, uint32_t size) {
    enum { HEADER_BYTES = 8, NEGATIVE = 0x4000, MOST_POWER = 70 };
    if (size < HEADER_BYTES) return false;
    const uint32_t count = (uint32_t)mu_read_big_endian(data, 2),
                   sign  = (uint32_t)mu_read_big_endian(data + 4, 2);
    const int power =
        (int16_t)mu_read_big_endian(data + 2, 2) - (int)count + 1; /* of the last digit */
    if (size != HEADER_BYTES + 2 * count || abs(power) > MOST_POWER) return false;
    bool    is_whole = (sign == 0 || sign == NEGATIVE) && (power >= 0 || count == 0);
    int64_t whole    = 0;
    double  value = sign == 0 || sign == NEGATIVE ? 0 : (double)NAN, unit = 1; /* or infinity */
    for (uint32_t i = 0; i < count; ++i) {
        const int64_t digit = (int64_t)mu_read_big_endian(data + HEADER_BYTES + 2 * (size_t)i, 2);
        value               = value * 10000 + (double)digit;
        is_whole            = is_whole && !__builtin_mul_overflow(whole, 10000, &whole) &&
                   !__builtin_add_overflow(whole, digit, &whole);
    }
    for (int i = 0; i < abs(power); ++i) {
        unit *= 10000;
        is_whole = is_whole && !__builtin_mul_overflow(whole, 10000, &whole);
    }
    value = power < 0 ? value / unit : value * unit;
    *out  = is_whole ? (mu_cell){.type = MU_CELL_INT, .whole = sign == NEGATIVE ? -whole : whole}
                     : (mu_cell){.type = MU_CELL_REAL, .real = sign == NEGATIVE ? -value : value};
    return true;
}

/* ---- moments: microseconds from the year 2000 ------------------------------------------ */

static bool take_moment(mu_cell *out, const unsigned char *data, uint32_t size, char *moment) {
    static const int64_t YEAR_2000_US = INT64_C(946684800) * MU_SECOND_US;
    mu_cell              cell;
    int64_t              us;
    if (size != 8 || !take_int(&cell, data, size)) return false;
    const int64_t fraction = (cell.whole % MU_SECOND_US + MU_SECOND_US) % MU_SECOND_US;
    if (!__builtin_add_overflow(cell.whole, YEAR_2000_US, &us) && mu_instant_is_possible(us)) {
        mu_instant_write(moment, us - fraction);
    } else {
        const char *word = cell.whole < 0 ? "before year 1" : "after year 9999"; /* infinity too */
        memcpy(moment, word, strlen(word) + 1);
    }
    *out = (mu_cell){.type = MU_CELL_TEXT, .bytes = moment, .size = strlen(moment)};
    return true;
}

/* ---- bytes --------------------------------------------------------------------------- */

static bool take_text(mu_cell *out, unsigned char *data, uint32_t size) {
    memmove(data - 1, data, size);
    data[(int64_t)size - 1] = 0;
    *out                    = (mu_cell){.type = MU_CELL_TEXT, .bytes = data - 1, .size = size};
    return true;
}

static uint32_t read_u32(const unsigned char *at, bool is_little) {
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value |= (uint32_t)at[i] << 8 * (is_little ? i : 3 - i);
    return value;
}

static void write_u32(unsigned char *at, uint32_t value, bool is_little) {
    for (int i = 0; i < 4; ++i) at[i] = (unsigned char)(value >> 8 * (is_little ? i : 3 - i));
}

/* Without an SRID there is no room for the header, and what is behind it goes: a geometry whose
 * place on earth is unknown is refused for that alone. */
static bool take_geometry(mu_cell *out, unsigned char *data, uint32_t size) {
    enum { TYPE_BYTES = 5, SRID_BYTES = 4, HAS_SRID = 0x20000000, HAS_M = 0x40000000 };
    static const uint32_t HAS_Z = 0x80000000u;
    if (size < TYPE_BYTES || data[0] > 1) return false;
    const bool     is_little = data[0] == 1;
    const uint32_t flags     = read_u32(data + 1, is_little);
    if ((flags & HAS_SRID) && size < TYPE_BYTES + SRID_BYTES) return false;
    const uint32_t srid = flags & HAS_SRID ? read_u32(data + TYPE_BYTES, is_little) : 0;
    const uint32_t type =
        (flags & 0x0FFFFFFF) + (flags & HAS_Z ? 1000 : 0) + (flags & HAS_M ? 2000 : 0);
    unsigned char *header = data - MU_COPY_LENGTH_BYTES;
    header[0]             = 'G';
    header[1]             = 'P';
    header[2]             = 0;
    header[3]             = is_little;
    write_u32(header + 4, srid, is_little);
    if (flags & HAS_SRID) {
        header[8] = is_little;
        write_u32(header + 9, type, is_little);
    }
    *out = (mu_cell){
        .type = MU_CELL_BLOB, .bytes = header, .size = (size_t)size + MU_COPY_LENGTH_BYTES};
    return true;
}

/* ---- all of them --------------------------------------------------------------------- */

bool mu_postgis_cell(mu_cell *out, mu_postgis_type type, unsigned char *data, uint32_t size,
                     char moment[MU_INSTANT_BYTES]) {
    switch (type) {
    case MU_POSTGIS_BOOLEAN:
        *out = (mu_cell){.type = MU_CELL_INT, .whole = size == 1 && data[0] != 0};
        return size == 1;
    case MU_POSTGIS_INT:
        return take_int(out, data, size);
    case MU_POSTGIS_FLOAT:
        return take_float(out, data, size);
    case MU_POSTGIS_NUMERIC:
        return take_numeric(out, data, size);
    case MU_POSTGIS_TEXT:
        return take_text(out, data, size);
    case MU_POSTGIS_MOMENT:
        return take_moment(out, data, size, moment);
    case MU_POSTGIS_GEOMETRY:
        return take_geometry(out, data, size);
    case MU_POSTGIS_BYTES:
        break;
    }
    *out = (mu_cell){.type = MU_CELL_BLOB, .bytes = data, .size = size};
    return true;
}
