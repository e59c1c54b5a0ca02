/* post_gather - what a report is made of, from recordings of one fob or of two: what
 * check, identify and compare say, a look at the first recording of each, and all of
 * it as one JSON document.
 *
 *   memory  create and destroy belong together; the post lives as long
 *   errors  told as they come
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_POST_GATHER_H
#define SRC_POST_GATHER_H

#include <signal.h>

#include "src/options.h"
#include "src/post.h"

struct post_gather;

/* o: its operands are fobs, as compare takes them; it must live as long. -ENOMEM,
 * and what knowledge_open says. */
int post_gather_create(struct post_gather **ret, const struct options *o,
                       const volatile sig_atomic_t *stop, struct err *e);

/* STATUS_OK: there is a post; else what is wrong has been said. */
enum status post_gather_run(struct post_gather *g);

const struct post *post_gather_post(const struct post_gather *g);

/* As check ends of one fob, and compare of two. */
enum status post_gather_status(const struct post_gather *g);

void post_gather_destroy(struct post_gather *g); /* takes NULL */

#endif
