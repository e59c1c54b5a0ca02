/* options_check - whether the words of a command line go together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_OPTIONS_CHECK_H
#define SRC_OPTIONS_CHECK_H

#include "src/err.h"
#include "src/options.h"

/* o->cmd is to run. -EINVAL and a sentence with a hint. */
int options_check(const struct options *o, struct err *e);

#endif
