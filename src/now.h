/* now - the two clocks, in seconds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_NOW_H
#define SRC_NOW_H

double now_s(void);      /* only rises; to measure by */
double now_unix_s(void); /* since 1970 in UTC; may jump */

#endif
