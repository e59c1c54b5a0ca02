/* scene_figures - what figures draw of a scene.
 *
 *   memory  points into the scene
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SCENE_FIGURES_H
#define SRC_SCENE_FIGURES_H

#include "src/figure.h"
#include "src/scene.h"

/* The whole band over time, without words. burst: where its bursts are put. */
struct figure_spectrogram
scene_spectrogram(const struct scene *s,
                  struct figure_burst burst[SCENE_BURSTS_MAX]);

/* Of the clearest burst. Level over time, in ms from the first edge: all of it, or, where bits may be
 * seen in it, one frame, for in three hardly any are. Of no scene, or one without a
 * burst, none. */
struct figure_line scene_level_line(const struct scene *s, bool has_bits);

/* Power over frequency, in Hz from the carrier. */
struct figure_line scene_power_line(const struct scene *s);

#endif
