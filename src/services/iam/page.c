#include "services/iam/page.h"

#include <stdlib.h>

#include "base/base64.h"

enum { PAGE_ITEMS = 100 };

static int small(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int compare_names(struct slice a, struct slice b)
{
    size_t shared = a.len < b.len ? a.len : b.len;

    for (size_t i = 0; i < shared; i++) {
        int difference = small((unsigned char)a.ptr[i]) - small((unsigned char)b.ptr[i]);
        if (difference != 0)
            return difference;
    }
    if (a.len != b.len)
        return a.len > b.len ? 1 : -1;
    return slice_compare(a, b); /* names of inline policies may differ in case alone */
}

bool page_begin(struct page *page, struct request *request, const char *list)
{
    struct slice marker = form_text(request, "Marker"), after = {"", 0};

    *page = (struct page){.request = request,
                          .left = (size_t)shape_number(request->body, "MaxItems", PAGE_ITEMS)};
    if (marker.ptr != NULL && (!base64_decode(request->arena, marker, &after) || after.len == 0))
        return fail(&request->failure, ERROR_VALIDATION, "Invalid Marker.");
    page->after = after;
    if (list != NULL)
        buffer_printf(request->out, "{\"%s\":[", list);
    return true;
}

bool page_takes(struct page *page, struct slice name)
{
    if (page->after.len > 0 && compare_names(name, page->after) <= 0)
        return false;
    if (page->left == 0) {
        page->more = true;
        return false;
    }
    if (page->commas)
        buffer_append_byte(page->request->out, ',');
    page->commas = true;
    page->left--;
    page->last = arena_copy(page->request->arena, name);
    return true;
}

void page_write_end(struct page *page, bool *first)
{
    struct buffer *out = page->request->out;

    json_write_name(out, first, "IsTruncated");
    buffer_append_string(out, page->more ? "true" : "false");
    if (!page->more)
        return;
    json_write_name(out, first, "Marker");
    json_write_base64(out, page->last);
}

void page_end(struct page *page)
{
    bool first = false;

    buffer_append_byte(page->request->out, ']');
    page_write_end(page, &first);
    buffer_append_byte(page->request->out, '}');
}

static int compare(const void *a, const void *b)
{
    return compare_names(*(const struct slice *)a, *(const struct slice *)b);
}

void page_sort(struct slice *names, size_t count)
{
    if (count > 1)
        qsort(names, count, sizeof(names[0]), compare);
}

bool page_of_names(struct request *request, const char *list, struct slice *names, size_t count)
{
    struct page page;

    if (!page_begin(&page, request, list))
        return false;
    page_sort(names, count);
    for (size_t i = 0; i < count && !page.more; i++) {
        if (page_takes(&page, names[i]))
            json_write_string(request->out, names[i]);
    }
    page_end(&page);
    return true;
}
