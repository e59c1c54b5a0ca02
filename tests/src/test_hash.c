/* test_hash - the published vectors of SHA-512; a key makes another hash.
 *
 *   source  FIPS 180-4's examples (csrc.nist.gov, SHA512.pdf), and the empty
 *           message and a million 'a' of FIPS 180-2 and NIST's CAVP
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>

#include "src/hash.h"
#include "tests/src/opened.h"

static const struct {
    const char *text, *hex;
} vectors[] = {
    { "", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
          "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
    { "abc",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
    { "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
      "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
      "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909" },
};
static const char million_a[] =
    "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
    "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b";

static void check_file(const char *name, const char *want)
{
    char hex[HASH_HEX];
    int fd = open(name, O_RDONLY);

    assert_true(fd >= 0);
    assert_int_equal(hash_file(fd, hex), 0);
    assert_string_equal(hex, want);
    close(fd);
}

static void published_vectors(void **state)
{
    static char a[1000000];
    char hex[HASH_HEX];

    (void)state;
    assert_int_equal(hash_start(), 0);
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        hash_bytes(vectors[i].text, strlen(vectors[i].text), hex);
        assert_string_equal(hex, vectors[i].hex);
        put_text("f", vectors[i].text);
        check_file("f", vectors[i].hex);
    }
    memset(a, 'a', sizeof a);
    hash_bytes(a, sizeof a, hex);
    assert_string_equal(hex, million_a);
    put("f", a, sizeof a);
    check_file("f", million_a);
}

static void a_file_is_hashed_from_where_it_stands(void **state)
{
    char hex[HASH_HEX];

    (void)state;
    assert_int_equal(hash_start(), 0);
    put_text("f", "12345abc");
    int fd = open("f", O_RDONLY);
    assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
    assert_int_equal(hash_file(fd, hex), 0);
    assert_string_equal(hex, vectors[1].hex);
    assert_int_equal(hash_file(fd, hex), 0); /* it stands at its end now */
    assert_string_equal(hex, vectors[0].hex);
    close(fd);
}

static void what_cannot_be_read_is_told(void **state)
{
    char hex[HASH_HEX];

    (void)state;
    assert_int_equal(hash_start(), 0);
    int folder = open(".", O_RDONLY);
    assert_true(folder >= 0);
    assert_true(hash_file(folder, hex) < 0);
    close(folder);
    assert_true(hash_file(folder, hex) < 0);
}

/* Each bit of the key and of the bytes, and their number, tells. */
static void key_and_bytes_tell(void **state)
{
    uint8_t key[HASH_KEY_BYTES], other[HASH_KEY_BYTES], bytes[9];

    (void)state;
    assert_int_equal(hash_start(), 0);
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(3 * i + 1);
    memcpy(bytes, "0C0FFEE12", sizeof bytes);
    const uint32_t was = hash_keyed(key, bytes, sizeof bytes);
    assert_true(hash_keyed(key, bytes, sizeof bytes) == was);
    for (size_t i = 0; i < 8 * sizeof key; i++) {
        memcpy(other, key, sizeof key);
        other[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_true(hash_keyed(other, bytes, sizeof bytes) != was);
    }
    for (size_t i = 0; i < 8 * sizeof bytes; i++) {
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_true(hash_keyed(key, bytes, sizeof bytes) != was);
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t n = 0; n < sizeof bytes; n++)
        assert_true(hash_keyed(key, bytes, n) != was);
}

static void random_bytes_fill_all_of_it(void **state)
{
    uint8_t seen[40] = { 0 }, bytes[42];

    (void)state;
    assert_int_equal(hash_start(), 0);
    for (int k = 0; k < 64; k++) {
        memset(bytes, 0, sizeof bytes);
        hash_random(bytes + 1, 40);
        assert_int_equal(bytes[0] | bytes[41], 0);
        for (size_t i = 0; i < 40; i++)
            seen[i] |= bytes[i + 1];
    }
    for (size_t i = 0; i < 40; i++) /* fails once in 2^56 runs */
        assert_int_equal(seen[i], 0xff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(published_vectors),
        TEST(a_file_is_hashed_from_where_it_stands),
        TEST(what_cannot_be_read_is_told),
        TEST(key_and_bytes_tell),
        TEST(random_bytes_fill_all_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
