#!/usr/bin/env python3
"""embed - a file as a C array, so that the program carries it.

    embed.py FILE NAME >NAME.c      const unsigned char NAME[]; const size_t NAME_size

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys

path, name = sys.argv[1:]
with open(path, 'rb') as file:
    data = file.read()
print('#include <stddef.h>\n')
print(f'extern const unsigned char {name}[];')
print(f'extern const size_t {name}_size;\n')
print(f'const unsigned char {name}[] = {{')
for at in range(0, len(data), 16):
    print('    ' + ' '.join(f'{byte},' for byte in data[at:at + 16]))
print('};')
print(f'const size_t {name}_size = {len(data)};')
