/* sigmf_rules - whether a metadata document keeps the rules of SigMF.
 *
 *   source  SigMF specification 1.2.5 and its schema: which fields there are,
 *           their types, what they may hold, and in which order; the fields of
 *           the fob: extension are in captures/fob.sigmf-ext.md
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SIGMF_RULES_H
#define SRC_SIGMF_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "src/json.h"

/* samples: in the data file; UINT64_MAX: not known. Calls fault with a sentence
 * such as "annotations 3: core:sample_start is missing" for each rule that is
 * broken, the first 20 only; returns how many there are. Entries are counted
 * from 0, as JSON's are. */
size_t sigmf_rules_check(const struct json *document, uint64_t samples,
                         void (*fault)(void *user, const char *sentence),
                         void *user);

#endif
