/* A header compiles alone, and twice: HEADER is its path.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include HEADER
/* again: include guards */
#include HEADER

int main(void)
{
    return 0;
}
