/* SHA-256 against NIST's examples (FIPS 180-4, "SHA256.pdf" of the Cryptographic Standards and
 * Guidelines), and at every length around the ends of blocks. */
#include "gis/sha256.h"

#include <string.h>

#include "tests/support/cmocka_all.h"

static void check(const char *text, const char *expected) {
    char hex[MU_SHA256_HEX_BYTES];
    mu_sha256_hex(hex, text, strlen(text));
    assert_string_equal(hex, expected);
}

static void the_examples_of_the_standard_come_out(void **state) {
    (void)state;
    check("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_million_letters_come_out(void **state) {
    (void)state;
    static char letters[1000001];
    memset(letters, 'a', 1000000);
    check(letters, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* The sum of the sums of 0, 1, ..., 299 bytes, so that every length of the last block occurs. */
static void every_length_of_the_last_block_comes_out(void **state) {
    (void)state;
    char          hex[MU_SHA256_HEX_BYTES], all[300 * (MU_SHA256_HEX_BYTES - 1)];
    unsigned char bytes[300];
    for (size_t i = 0; i < sizeof bytes; ++i) bytes[i] = (unsigned char)i;
    for (size_t i = 0; i < sizeof bytes; ++i) {
        mu_sha256_hex(hex, bytes, i);
        memcpy(all + i * (sizeof hex - 1), hex, sizeof hex - 1);
    }
    mu_sha256_hex(hex, all, sizeof all);
    /* python3 -c 'import hashlib as h; s = lambda b: h.sha256(b).hexdigest();
     *   print(s("".join(s(bytes(i % 256 for i in range(n))) for n in range(300)).encode()))' */
    assert_string_equal(hex, "ff4223406fc6473b721b409cbe70bbeabc0c8d0d0f55c370497cc0c25606895f");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_standard_come_out),
        cmocka_unit_test(a_million_letters_come_out),
        cmocka_unit_test(every_length_of_the_last_block_comes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
