/* options_value - from an option's text to what struct options holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_OPTIONS_VALUE_H
#define SRC_OPTIONS_VALUE_H

#include "src/err.h"
#include "src/options.h"
#include "src/options_table.h"

/* text is NULL where entry has no argument; it is pointed to from *o. -EINVAL
 * and a sentence. */
int options_value_set(struct options *o, const struct option_entry *entry,
                      const char *text, struct err *e);

#endif
