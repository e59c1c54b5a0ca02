/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/scenarios.h"

#include <stddef.h>

/* Everything here is invented. Guards and gaps are those of the descriptors'
 * sources: HCS200 39 TE (DS40138D), of which the descriptor has 30. */

/* clang-format off */
#define HCS200(button_, hop_)                                               \
    .protocol = "hcs200",                                                   \
    .values = { { "hop", hop_ }, { "serial", 0x0C0FFEE },                   \
                { "button", button_ }, { "repeat", 1 } },                   \
    .copies = 3

const struct scenario scenarios[] = {
    { .name = "hcs200-lock-unlock",
      .about = "HCS200, two presses of three copies, carrier off centre",
      .format = SAMPLE_CU8, .rate_hz = 250e3, .centre_hz = 433.92e6,
      .seconds = 1.5, .noise_dbfs = -30, .seed = 1001,
      .presses = {
          { HCS200(2, 0x1F35A96C), .te_us = 412, .gap_us = 9 * 412,
            .start_s = 0.2000317, .carrier_hz = -37.4e3, .snr_db = 17 },
          { HCS200(1, 0x8B07D2E1), .te_us = 412, .gap_us = 9 * 412,
            .start_s = 0.8500129, .carrier_hz = -37.6e3, .snr_db = 16 },
      } },
    { .name = "hcs200-weak",
      .about = "HCS200 4 dB under the noise of the whole band",
      .format = SAMPLE_CU8, .rate_hz = 250e3, .centre_hz = 433.92e6,
      .seconds = 1.0, .noise_dbfs = -30, .seed = 1002,
      .presses = {
          { HCS200(4, 0x5A90C7F3), .te_us = 371, .gap_us = 9 * 371,
            .start_s = 0.3100043, .carrier_hz = 21.7e3, .snr_db = -4 },
      } },
    { .name = "siemens-5wy72xx",
      .about = "Siemens 5WY72XX, OOK Manchester, two copies",
      .format = SAMPLE_CS8, .rate_hz = 250e3, .centre_hz = 315e6,
      .seconds = 0.5, .noise_dbfs = -32, .seed = 1003,
      .presses = {
          { .protocol = "siemens_5wy72xx",
            .values = { { "id", 0x600D5EED }, { "button_code", 2 },
                        { "sequence", 978 }, { "encrypted", 0xB1D5A7E4 } },
            .te_us = 223, .copies = 2, .gap_us = 25e3, .start_s = 0.1500071,
            .carrier_hz = 12.2e3, .snr_db = 12 },
      } },
    { .name = "continental-fsk",
      .about = "Continental KR5V2X, FSK Manchester, two copies",
      .format = SAMPLE_CU8, .rate_hz = 1024e3, .centre_hz = 433.92e6,
      .seconds = 0.3, .noise_dbfs = -30, .seed = 1004,
      .presses = {
          { .protocol = "continental_kr5v2x",
            .values = { { "id", 0xDECAFBAD }, { "button_code", 3 },
                        { "sequence", 70123 }, { "encrypted", 0x3C19E2B7 } },
            .te_us = 100.6, .copies = 2, .gap_us = 20e3, .lead_us = 2000,
            .start_s = 0.1000023, .modulation = MODULATION_FSK,
            .carrier_hz = 151e3, .deviation_hz = 30e3, .snr_db = 10 },
      } },
    { .name = "two-fobs",
      .about = "two HCS200 at once and a steady carrier beside them",
      .format = SAMPLE_CU8, .rate_hz = 250e3, .centre_hz = 433.92e6,
      .seconds = 0.9, .noise_dbfs = -30, .seed = 1005,
      .steady_hz = 92.3e3, .steady_snr_db = 18,
      .presses = {
          { HCS200(2, 0x70E4B91D), .te_us = 388, .gap_us = 9 * 388,
            .start_s = 0.2500191, .carrier_hz = -61.3e3, .snr_db = 12 },
          { .protocol = "hcs200",
            .values = { { "hop", 0xC3D80A56 }, { "serial", 0x5EA51DE },
                        { "button", 1 }, { "repeat", 1 },
                        { "low_battery", 1 } },
            .copies = 3, .te_us = 447, .gap_us = 9 * 447,
            .start_s = 0.3300082, .carrier_hz = 38.8e3, .snr_db = 9 },
      } },
    { .name = "noise",
      .about = "noise and a steady carrier, no fob",
      .format = SAMPLE_CU8, .rate_hz = 250e3, .centre_hz = 433.92e6,
      .seconds = 1.5, .noise_dbfs = -30, .seed = 1006,
      .steady_hz = -44.1e3, .steady_snr_db = 10 },
    { .name = "unknown-manchester",
      .about = "a format that nobody has published, three copies",
      .format = SAMPLE_CU8, .rate_hz = 250e3, .centre_hz = 433.92e6,
      .seconds = 0.6, .noise_dbfs = -30, .seed = 1007,
      .presses = {
          { .unknown = { .kind = LINE_MANCHESTER, .te_us = 290,
                         .preamble_pulses = 14, .header = 7, .sync = "1",
                         .n_bits = 52 },
            .bits = "1011000111010001101001110010110000101110100110010110",
            .line_code = "manchester",
            .te_us = 290, .copies = 3, .gap_us = 20e3, .start_s = 0.1500087,
            .carrier_hz = 8.3e3, .snr_db = 15 },
      } },
    { .name = "princeton-fixed", .is_sub = true,
      .about = "a fixed code of 24 bits, five copies",
      .rate_hz = 1e6, .centre_hz = 433.92e6, .seed = 1008,
      .presses = {
          { .protocol = "princeton",
            .values = { { "code", 0x5A1E3C } },
            .te_us = 402, .copies = 5, .gap_us = 4 * 402,
            .is_sharing_guard = true },
      } },
    { .name = "hitag2-rke", .is_sub = true,
      .about = "a Hitag2 remote, wake-up pulses and three copies",
      .rate_hz = 1e6, .centre_hz = 433.92e6, .seed = 1009,
      .presses = {
          { .protocol = "hitag2_rke",
            .values = { { "uid", 0x7EA5E77E }, { "button", 1 },
                        { "counter_low", 0x2C5 }, { "hop", 0x9D40E6B3 },
                        { "spare", 2 } },
            .te_us = 258, .copies = 3, .gap_us = 13 * 258,
            .lead_pulses = 191, .lead_us = 11 * 258, .before = "11111111" },
      } },
    { 0 },
};
/* clang-format on */
