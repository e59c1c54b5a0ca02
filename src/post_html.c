/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/post.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/new_file.h"

static void put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (strchr("<>&\"", *text) != NULL)
            fprintf(out, "&#%d;", *text);
        else
            fputc(*text, out);
}

static int put_page(FILE *out, const struct post *p)
{
    char *text = NULL;
    size_t n;
    FILE *block = open_memstream(&text, &n);

    if (block == NULL)
        return -ENOMEM;
    post_text(block, p);
    json_document(p->document, block);
    if (fclose(block) != 0) {
        free(text);
        return -ENOMEM;
    }
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
          "<title>fobscope report</title></head>\n<body><pre>",
          out);
    put_escaped(out, text);
    fputs("</pre></body></html>\n", out);
    free(text);
    return 0;
}

int post_html(const char *path, const struct post *p, struct err *e)
{
    struct new_file f;
    int status = new_file_open(&f, path, e);
    FILE *out = status == 0 ? fdopen(dup(f.fd), "w") : NULL;

    if (status < 0)
        return status;
    status = out != NULL ? put_page(out, p) : -ENOMEM;
    if (out != NULL && (fflush(out) != 0 || ferror(out)) && status == 0)
        status = -EIO;
    if (out != NULL)
        fclose(out);
    if (status == 0)
        return new_file_keep(&f, e);
    new_file_drop(&f);
    return err_set(e, status, "%.300s: cannot be written", path);
}
