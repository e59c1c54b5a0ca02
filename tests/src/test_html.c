/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/html.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BAD "\xef\xbf\xbd"

/* What is written while it is open. */
struct written {
    char *text;
    size_t n;
    FILE *out;
};

static FILE *begin(struct written *w)
{
    *w = (struct written){ NULL, 0, NULL };
    w->out = open_memstream(&w->text, &w->n);
    assert_non_null(w->out);
    return w->out;
}

static void assert_written(struct written *w, const char *want)
{
    fclose(w->out);
    assert_string_equal(w->text, want);
    free(w->text);
}

static void assert_text(const char *text, const char *want)
{
    struct written w;

    html_text(begin(&w), text);
    assert_written(&w, want);
}

static void test_markup_is_text(void **state)
{
    (void)state;
    assert_text("", "");
    assert_text("MINI R53, 2004", "MINI R53, 2004");
    assert_text("<script>alert('x')</script>",
                "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    assert_text("\" onload=\"x", "&quot; onload=&quot;x");
    assert_text("&lt;", "&amp;lt;");
    assert_text("]]>-->", "]]&gt;--&gt;");
}

static void test_letters_stay(void **state)
{
    (void)state;
    assert_text("Schlüssel \xe2\x82\xac \xf0\x9f\x94\x91",
                "Schlüssel \xe2\x82\xac \xf0\x9f\x94\x91");
    assert_text("two\nlines\tand a tab", "two\nlines\tand a tab");
}

static void test_what_is_no_text_is_replaced(void **state)
{
    (void)state;
    assert_text("a\x1b[31mb\x7f", "a" BAD "[31mb" BAD);
    assert_text("\xff<", BAD "&lt;");
    assert_text("\xc3", BAD);                 /* cut off */
    assert_text("\xe2\x82", BAD BAD);         /* likewise */
    assert_text("\xc0\xbc", BAD BAD);         /* '<', overlong */
    assert_text("\xc3<", BAD "&lt;");         /* the '<' is not swallowed */
    assert_text("\xed\xa0\x80", BAD BAD BAD); /* a surrogate */
    assert_text("\xf4\x90\x80\x80", BAD BAD BAD BAD); /* beyond Unicode */
    assert_text("\xc2\x85", BAD);                     /* C1 control */
    assert_text("\xe2\x80\xae"
                "cba",
                BAD "cba"); /* right to left */
    assert_text("\xe2\x81\xa6", BAD);
}

/* Every pair of bytes: no markup comes out that was not put in. */
static void test_no_byte_opens_a_tag(void **state)
{
    (void)state;
    for (unsigned a = 1; a < 256; a++)
        for (unsigned b = 1; b < 256; b++) {
            const char text[] = { (char)a, (char)b, '<', '"', '\0' };
            struct written w;

            html_text(begin(&w), text);
            fclose(w.out);
            assert_null(strpbrk(w.text, "<>\"'"));
            assert_non_null(strstr(w.text, "&lt;&quot;"));
            free(w.text);
        }
}

static void test_elements_and_cells(void **state)
{
    struct written w;

    (void)state;
    html_element(begin(&w), "p class=\"x\"", "%s & %d", "<b>", 2);
    assert_written(&w, "<p class=\"x\">&lt;b&gt; &amp; 2</p>\n");
    html_cell(begin(&w), "%s", "<td>");
    assert_written(&w, "<td>&lt;td&gt;</td>");
    html_real(begin(&w), 1, 2.25);
    assert_written(&w, "<td class=\"n\">2.2</td>");
    html_real(begin(&w), 1, NAN);
    assert_written(&w, "<td class=\"n\">-</td>");
}

static void test_table(void **state)
{
    static const char *const heads[] = { "<name>", "#level", NULL };
    struct written w;

    (void)state;
    html_table_begin(begin(&w), "\"a\"", heads);
    html_table_end(w.out);
    assert_written(&w,
                   "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                   "aria-label=\"&quot;a&quot;\"><table><caption>&quot;a&quot;"
                   "</caption>\n<thead><tr><th scope=\"col\">&lt;name&gt;</th>"
                   "<th scope=\"col\" class=\"n\">level</th></tr></thead>\n"
                   "<tbody>\n</tbody></table></div>\n");
}

static void test_data_cannot_end_the_script(void **state)
{
    static const char json[] = "{\"a\": \"</script><!--&\"}";
    struct written w;

    (void)state;
    html_json(begin(&w), json, strlen(json));
    assert_written(&w, "{\"a\": \"\\u003c/script\\u003e\\u003c!--\\u0026\"}");
}

static void test_pictures_have_ids_of_their_own(void **state)
{
    static const char svg[] =
        "<?xml version=\"1.0\"?>\n<svg><g id=\"a\" grid=\"x\"/>"
        "<use xlink:href=\"#a\" clip-path=\"url(#b)\"/></svg>";
    struct written w;

    (void)state;
    html_svg(begin(&w), svg, strlen(svg), "f1-");
    assert_written(&w, "<svg><g id=\"f1-a\" grid=\"x\"/>"
                       "<use xlink:href=\"#f1-a\" clip-path=\"url(#f1-b)\"/>"
                       "</svg>");
    html_svg(begin(&w), "<?xml", 5, "f1-"); /* cut off */
    assert_written(&w, "");
    html_svg(begin(&w), " id=\"", 5, "f1-");
    assert_written(&w, " id=\"f1-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markup_is_text),
        cmocka_unit_test(test_letters_stay),
        cmocka_unit_test(test_what_is_no_text_is_replaced),
        cmocka_unit_test(test_no_byte_opens_a_tag),
        cmocka_unit_test(test_elements_and_cells),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_data_cannot_end_the_script),
        cmocka_unit_test(test_pictures_have_ids_of_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
