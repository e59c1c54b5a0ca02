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

/* HYPOTHETICAL: the two keys of the thread "Key conundrum" (NAM 373598; DOMAIN.md
 * 2.1) in a format that was made up for them, for nobody has published the real
 * one. From sources are the band (a US car; KYOCERA 315K on such a board), OOK (of
 * a resonator: INF), "looks differential Manchester" (of a relative), a code that
 * is another with each press, and the 24 bits of the sticker, of which 3D760BA's 3
 * is taken for a type. Guesses are that those are sent in clear, all lengths, times
 * and places, and that the key that does not lock transmits like the other:
 *
 *   16 pulses, low | sync 2D | base 24 | changing 24 | button 4, low cell 1, 000 |
 *   xor 8 of the 7 bytes after the sync
 *
 * Chips of differential Manchester are those of Manchester half a bit off, so they
 * are read as Manchester: the bits sent are each bit read XOR the one before. The
 * sync has an even number of ones, hence so has all, and each frame ends high. The
 * changing code is random numbers: no cipher is in here. */
#define ROVER(base_, te_, code_, asked_, button_, asked_s_, start_s_,       \
              carrier_hz_, snr_db_)                                         \
    { .unknown = { .kind = LINE_MANCHESTER, .te_us = 250,                   \
                   .preamble_pulses = 16, .header = 6, .n_bits = 73 },      \
      .hex = "2D" base_ code_ button_ "0", .line_code = "manchester",       \
      .te_us = te_, .copies = 3, .gap_us = 20e3, .asked = asked_,           \
      .asked_s = asked_s_, .start_s = start_s_, .carrier_hz = carrier_hz_,  \
      .snr_db = snr_db_ }
#define KEY_A(...) ROVER("D760BA", 250.6, __VA_ARGS__)
#define KEY_B(...) ROVER("3FAC55", 249.3, __VA_ARGS__)
#define LOCK       "lock", "4"
#define UNLOCK     "unlock", "8"
#define NOTE(what_)                                                         \
    "hypothetical: the frame is invented; the sticker and that the key "    \
    what_ " are from the thread Key conundrum"

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
    { .name = "key-conundrum-a", .is_hypothetical = true,
      .about = "HYPOTHETICAL frames of the key that locks",
      .owner = {
          { "label", "key A" }, { "car", "MINI R53 2004" },
          { "buttons", "lock,unlock" }, { "sticker", "3D760BA" },
          { "note", NOTE("locks") },
      },
      .format = SAMPLE_CU8, .rate_hz = 62.5e3, .centre_hz = 315e6,
      .seconds = 11.8, .noise_dbfs = -46, .seed = 1010,
      .presses = {
          KEY_A("618493", LOCK, 0.3155, 0.6200071, 9.52e3, 25.1),
          KEY_A("406827", LOCK, 1.9498, 2.2329379, 9.82e3, 25.8),
          KEY_A("534EEA", LOCK, 3.4787, 3.7567358, 9.63e3, 25.5),
          KEY_A("85BCB7", LOCK, 4.8631, 5.1868836, 9.58e3, 25.3),
          KEY_A("0FBEA9", UNLOCK, 6.3478, 6.6231924, 9.38e3, 25.6),
          KEY_A("4C90C8", UNLOCK, 7.8782, 8.1728840, 9.65e3, 25.8),
          KEY_A("10323F", UNLOCK, 9.3280, 9.6700338, 9.75e3, 26.0),
          KEY_A("CAF073", UNLOCK, 10.8489, 11.1778288, 9.59e3, 25.5),
      } },
    { .name = "key-conundrum-b", .is_hypothetical = true,
      .about = "HYPOTHETICAL frames of the key that does not lock",
      .owner = {
          { "label", "key B" }, { "car", "MINI R53 2004" },
          { "buttons", "lock,unlock" }, { "sticker", "3FAC55" },
          { "note", NOTE("starts the car and does not lock") },
      },
      .format = SAMPLE_CU8, .rate_hz = 62.5e3, .centre_hz = 315e6,
      .seconds = 11.8, .noise_dbfs = -46, .seed = 1011,
      .presses = {
          KEY_B("660E06", LOCK, 0.2666, 0.6200113, -14.53e3, 25.1),
          KEY_B("664DE5", LOCK, 1.9259, 2.2311022, -14.81e3, 24.8),
          KEY_B("CDDA94", LOCK, 3.3801, 3.6562511, -14.73e3, 24.7),
          KEY_B("A3557F", LOCK, 4.9489, 5.2700347, -14.66e3, 25.0),
          KEY_B("42DD4F", UNLOCK, 6.4677, 6.7422517, -14.77e3, 24.9),
          KEY_B("028634", UNLOCK, 7.8941, 8.2156557, -14.50e3, 24.2),
          KEY_B("5FB4DE", UNLOCK, 9.4044, 9.7408665, -14.87e3, 24.7),
          KEY_B("71A8E8", UNLOCK, 10.9323, 11.2130464, -14.75e3, 25.0),
      } },
    { 0 },
};
/* clang-format on */
