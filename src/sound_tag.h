/* sound_tag - what WAV's auxi chunk and FLAC's comment say of a recording.
 *
 * The comment is one line of ours, its keys in any order, only rate a must:
 *
 *   fobscope rate=2048000 centre=433920000 start=2026-03-29T11:27:00.000000Z
 *   scale=1
 *
 * The header of FLAC has no room for a rate over 655,350 Hz: there the true one
 * stands in the comment alone.
 *
 *   source  auxi: SpectraVue's format, as HDSDR, SDRuno and SDRangel write it:
 *           two SYSTEMTIME of 16 bytes, then numbers of 32 bits, little endian
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SOUND_TAG_H
#define SRC_SOUND_TAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SOUND_AUXI_BYTES = 164,
    SOUND_AUXI_READ = 36,    /* the first bytes, which are read */
    SOUND_COMMENT_MAX = 256, /* with its 0; a longer one is none of ours */
};

struct sound_tag {
    double rate_hz;
    double centre_hz;                 /* NAN: not known */
    double start_unix_s, stop_unix_s; /* NAN: not known */
    double scale;                     /* by which the levels were multiplied */
};

/* Whole hertz and milliseconds, 0 for what is not known or has no room. */
void sound_tag_to_auxi(const struct sound_tag *t,
                       unsigned char auxi[SOUND_AUXI_BYTES]);

/* Centre and start; NAN where it does not say, or nonsense. */
void sound_tag_from_auxi(struct sound_tag *t,
                         const unsigned char auxi[SOUND_AUXI_READ]);

void sound_tag_to_comment(const struct sound_tag *t,
                          char text[SOUND_COMMENT_MAX]);

/* False, and *t as it was: it is none of ours, or was tampered with. */
bool sound_tag_from_comment(struct sound_tag *t, const char *text);

/* The rate that a header of FLAC gives for this one: frames know rates up to
 * 65,535 Hz, and up to 655,350 Hz those that are tens of hertz; what is beyond
 * is told in kilohertz. */
int sound_tag_flac_rate(double rate_hz);

#endif
