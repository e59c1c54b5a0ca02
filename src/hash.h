/* hash - the only module that knows libsodium: SHA-512 of what is kept, names
 * that hide a serial, and bytes that nobody can guess.
 *
 *   source  SHA-512: FIPS 180-4, as core:sha512 of SigMF wants it; keyed hash:
 *           BLAKE2b (RFC 7693)
 *   errors  negative errno
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_HASH_H
#define SRC_HASH_H

#include <stddef.h>
#include <stdint.h>

enum {
    HASH_HEX = 128 + 1, /* SHA-512 in lower-case hexadecimal digits, and a 0 */
    HASH_KEY_BYTES = 32,
};

/* Before anything else. -EIO: the system has no random numbers. */
int hash_start(void);

/* Of a whole file, from where fd stands to its end. */
int hash_file(int fd, char hex[HASH_HEX]);

void hash_bytes(const void *bytes, size_t n, char hex[HASH_HEX]);

/* The first 32 bits of a keyed hash of n bytes: the same for the same key, and
 * nothing can be told from it without the key. */
uint32_t hash_keyed(const uint8_t key[HASH_KEY_BYTES], const void *bytes,
                    size_t n);

void hash_random(void *bytes, size_t n);

const char *hash_library_version(void);

#endif
