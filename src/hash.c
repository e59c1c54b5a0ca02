/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/hash.h"

#include <errno.h>
#include <sodium.h>
#include <unistd.h>

enum { BLOCK_BYTES = 65536 };

int hash_start(void)
{
    return sodium_init() < 0 ? -EIO : 0;
}

static void to_hex(const unsigned char sum[crypto_hash_sha512_BYTES],
                   char hex[HASH_HEX])
{
    sodium_bin2hex(hex, HASH_HEX, sum, crypto_hash_sha512_BYTES);
}

int hash_file(int fd, char hex[HASH_HEX])
{
    crypto_hash_sha512_state state;
    unsigned char sum[crypto_hash_sha512_BYTES], block[BLOCK_BYTES];
    ssize_t n;

    crypto_hash_sha512_init(&state);
    while ((n = read(fd, block, sizeof block)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        crypto_hash_sha512_update(&state, block, (size_t)n);
    }
    crypto_hash_sha512_final(&state, sum);
    to_hex(sum, hex);
    return 0;
}

void hash_bytes(const void *bytes, size_t n, char hex[HASH_HEX])
{
    unsigned char sum[crypto_hash_sha512_BYTES];

    crypto_hash_sha512(sum, bytes, n);
    to_hex(sum, hex);
}

uint32_t hash_keyed(const uint8_t key[HASH_KEY_BYTES], const void *bytes,
                    size_t n)
{
    unsigned char sum[crypto_generichash_BYTES_MIN];

    crypto_generichash(sum, sizeof sum, bytes, n, key, HASH_KEY_BYTES);
    return (uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 |
           (uint32_t)sum[2] << 8 | sum[3];
}

void hash_random(void *bytes, size_t n)
{
    randombytes_buf(bytes, n);
}

const char *hash_library_version(void)
{
    return sodium_version_string();
}
