/* chance - how likely it is that scatter alone makes two means, or two scatters,
 * differ as they do.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHANCE_H
#define SRC_CHANCE_H

/* More degrees of freedom are taken for so many: a known uncertainty. */
#define CHANCE_FREEDOM_MAX 1000.0

/* That the ratio of two estimates of one variance, of m and of n degrees of freedom,
 * is above f. m, n >= 1; f >= 0. */
double chance_of_ratio(double f, double m, double n);

/* What Student's t of so many degrees of freedom exceeds, up or down, with
 * probability p. 0 < p < 1. */
double chance_limit(double p, double freedom);

#endif
