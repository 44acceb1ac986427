/* Bundles are checked: whatever was changed in them is found. */
#include "tests/evidence/spoilt.h"

/* ---- changed bytes ----------------------------------------------------- */

static void assert_flip_found(struct opened *o, size_t at, unsigned bit)
{
    struct items items;

    o->bytes.ptr[at] = (char)(o->bytes.ptr[at] ^ (1 << bit));
    write_bytes(o, aw_buf_str(&o->bytes));
    if (verify(o->path, &items) != AW_FAIL)
        fail_msg("bit %u of byte %zu: not found", bit, at);
    o->bytes.ptr[at] = (char)(o->bytes.ptr[at] ^ (1 << bit));
}

static void any_flipped_bit_is_found(void **state)
{
    struct aw_rng places;
    struct opened o;

    (void)state;
    open_good(&o);
    aw_rng_init(&places, 20261123);
    for (int i = 0; i < 300; i++)
        assert_flip_found(&o, aw_rng_below(&places, o.bytes.len),
                          (unsigned)aw_rng_below(&places, 8));
    write_bytes(&o, aw_buf_str(&o.bytes));
    assert_good(o.path);
    close_opened(&o);
}

/* Where no manifest looks: all headers, the directory, the end record. */
static void any_flipped_bit_of_the_container_is_found(void **state)
{
    struct aw_str last;
    struct opened o;
    size_t at = 0;

    (void)state;
    open_good(&o);
    for (size_t i = 0; i < o.count; i++) {
        size_t data = (size_t)(o.entries[i].data.ptr - o.bytes.ptr);

        for (; at < data; at++)
            assert_flip_found(&o, at, (unsigned)at % 8);
        at = data + o.entries[i].data.len;
    }
    last = o.entries[o.count - 1].data;
    assert_ptr_equal(o.bytes.ptr + at, last.ptr + last.len);
    for (; at < o.bytes.len; at++)
        assert_flip_found(&o, at, (unsigned)at % 8);
    close_opened(&o);
}

static void bytes_before_between_and_behind_are_found(void **state)
{
    struct aw_buf more;
    struct opened o;
    size_t between;

    (void)state;
    open_good(&o);
    aw_buf_init(&more, BYTES_MAX);
    aw_buf_putc(&more, 'x');
    aw_buf_put(&more, aw_buf_str(&o.bytes));
    write_bytes(&o, aw_buf_str(&more));
    assert_bad(o.path, "container", "");
    aw_buf_consume(&more, 1);
    aw_buf_putc(&more, 'x');
    write_bytes(&o, aw_buf_str(&more));
    assert_bad(o.path, "container", "bytes follow");
    between = (size_t)(o.entries[1].data.ptr - o.bytes.ptr);
    aw_buf_reset(&more);
    aw_buf_append(&more, o.bytes.ptr, between);
    aw_buf_puts(&more, "x");
    aw_buf_append(&more, o.bytes.ptr + between, o.bytes.len - between);
    write_bytes(&o, aw_buf_str(&more));
    assert_bad(o.path, "container", "");
    aw_buf_deinit(&more);
    close_opened(&o);
}

static void a_cut_off_file_is_found(void **state)
{
    static const size_t cuts[] = {1, 2, 21, 22, 23, 100, 1000, 5000};
    struct opened o;

    (void)state;
    open_good(&o);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        write_bytes(&o, aw_str_sub(aw_buf_str(&o.bytes), 0,
                                   o.bytes.len - cuts[i]));
        assert_bad(o.path, "container", "end record");
    }
    write_bytes(&o, AW_STR(""));
    assert_bad(o.path, "container", "end record");
    close_opened(&o);
}

static void a_file_that_is_not_there_is_missing(void **state)
{
    struct items items;

    (void)state;
    assert_int_equal(verify("/nowhere/x.zip", &items), AW_MISSING);
    assert_int_equal(items.count, 0);
}

/* ---- changed entries --------------------------------------------------- */

static void an_entry_taken_away_is_found(void **state)
{
    struct aw_zip_entry whole[ENTRIES_MAX];
    struct opened o;
    struct items items;

    (void)state;
    open_good(&o);
    memcpy(whole, o.entries, sizeof whole);
    o.count--;
    for (size_t i = 0; i <= o.count; i++) {
        memcpy(o.entries, whole, sizeof whole);
        memmove(&o.entries[i], &o.entries[i + 1],
                (o.count - i) * sizeof *o.entries);
        write_entries(&o);
        assert_int_equal(verify(o.path, &items), AW_FAIL);
    }
    close_opened(&o);
}

static void an_entry_added_is_found(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    o.entries[o.count] = (struct aw_zip_entry){
        .name = AW_STR("adwatch-finding-1-20261125T021300Z/data/x")};
    o.count++;
    write_entries(&o);
    assert_bad(o.path, "bag", "'data/x' is no file of such a bundle");
    o.entries[o.count - 1].name =
        AW_STR("adwatch-finding-1-20261125T021300Z/notes.txt");
    write_entries(&o);
    assert_bad(o.path, "bag", "'notes.txt' is no file of such a bundle");
    o.entries[o.count - 1].name = AW_STR("elsewhere/notes.txt");
    write_entries(&o);
    assert_bad(o.path, "bag", "one folder");
    close_opened(&o);
}

static void an_entry_renamed_or_swapped_is_found(void **state)
{
    struct opened o;
    struct aw_str name;
    size_t one, two;

    (void)state;
    open_good(&o);
    one = entry_named(&o, "capture-1.warc.gz");
    two = entry_named(&o, "capture-2.warc.gz");
    name = o.entries[one].name;
    o.entries[one].name = AW_STR("adwatch-finding-1-20261125T021300Z/data/y");
    write_entries(&o);
    assert_bad(o.path, "manifest", "is listed, but not there");
    o.entries[one].name = o.entries[two].name;
    o.entries[two].name = name;
    write_entries(&o);
    assert_bad(o.path, "manifest", "not in the order of the zip");
    close_opened(&o);
}

static void an_entry_that_stands_twice_is_found(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    o.entries[o.count] = o.entries[0];
    o.count++;
    write_entries(&o);
    assert_bad(o.path, "container", "stands twice");
    close_opened(&o);
}

/* Sets 16 bits at `offset` of the first central header. */
static void patch_central(struct opened *o, size_t offset, unsigned value)
{
    const char *end = o->bytes.ptr + o->bytes.len - 22;
    size_t at = (unsigned char)end[16] | (size_t)(unsigned char)end[17] << 8 |
                (size_t)(unsigned char)end[18] << 16;
    char before[2];

    memcpy(before, o->bytes.ptr + at + offset, 2);
    o->bytes.ptr[at + offset] = (char)(value & 0xFF);
    o->bytes.ptr[at + offset + 1] = (char)(value >> 8);
    write_bytes(o, aw_buf_str(&o->bytes));
    memcpy(o->bytes.ptr + at + offset, before, 2);
}

/* Times stand outside all digests. */
static void entries_of_another_time_are_found(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    write_entries(&o); /* all of the day on which the page was seen */
    assert_bad(o.path, "chain", "not of 2026-11-25 10:13:00");
    patch_central(&o, 12, 0);
    assert_bad(o.path, "container", "its local header");
    close_opened(&o);
}

static void links_folders_and_compression_are_refused(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    patch_central(&o, 40, 0120777);
    assert_bad(o.path, "container", "a folder or a link");
    patch_central(&o, 40, 0040755);
    assert_bad(o.path, "container", "a folder or a link");
    patch_central(&o, 10, 8);
    assert_bad(o.path, "container", "compressed");
    close_opened(&o);
}

/* ---- a bag made anew --------------------------------------------------- */

/* Writes the bundle with new manifests, as a forger would; one entry has
 * `from` replaced by `to`. */
static void forge(struct opened *o, const char *name, const char *from,
                  const char *to)
{
    struct aw_bag_digests digests;
    struct aw_bag *bag = NULL;

    ASSERT_OK(aw_bag_new(&bag, o->path, "x", aw_clock_wall(&clock_at),
                         &fixture.err));
    for (size_t i = 0; i < o->count; i++) {
        struct aw_str path = o->entries[i].name;
        struct aw_str data = o->entries[i].data;
        struct aw_str folder;
        ptrdiff_t at = -1;
        char text[AW_ZIP_NAME_MAX];
        struct aw_buf out;

        (void)aw_str_split(&path, '/', &folder);
        if (!aw_str_starts(path, AW_STR("data/")))
            continue;
        (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(path));
        aw_buf_init(&out, BYTES_MAX);
        if (aw_str_ends(path, aw_str_of(name)))
            at = aw_str_find(data, aw_str_of(from));
        aw_buf_put(&out, aw_str_sub(data, 0, at < 0 ? data.len : (size_t)at));
        if (at >= 0) {
            aw_buf_puts(&out, to);
            aw_buf_put(&out,
                       aw_str_sub(data, (size_t)at + strlen(from), data.len));
        }
        ASSERT_OK(aw_bag_add(bag, text, aw_buf_str(&out), &fixture.err));
        aw_buf_deinit(&out);
    }
    ASSERT_OK(
        aw_bag_seal(bag, "External-Identifier: x\n", &digests, &fixture.err));
    ASSERT_OK(aw_bag_close(bag, &fixture.err));
    aw_bag_free(bag);
}

static void new_manifests_do_not_hide_a_changed_decision(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    forge(&o, "none", "", "");
    assert_good(o.path);
    forge(&o, "decisions.json", "王芳", "李四");
    assert_bad(o.path, "decisions", "decision 1 was changed");
    forge(&o, "finding-1.json", "王芳", "李四");
    assert_bad(o.path, "decisions", "tell other decisions");
    forge(&o, "decisions.json", "\"finding\":1", "\"finding\":2");
    assert_bad(o.path, "decisions", "false id, time or finding");
    close_opened(&o);
}

static void a_head_of_the_audit_chain_has_its_shape(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    forge(&o, "audit-head.json", "\"id\":", "\"id\":-");
    assert_bad(o.path, "audit", "false id or hash");
    forge(&o, "audit-head.json", "\"hash\":\"", "\"hash\":\"0");
    assert_bad(o.path, "audit", "false id or hash");
    forge(&o, "audit-head.json", "\"hash\"", "\"other\"");
    assert_bad(o.path, "audit", "false id or hash");
    close_opened(&o);
}

static void new_manifests_do_not_hide_a_changed_capture(void **state)
{
    char digest[AW_SHA256_HEX_MAX];
    struct opened o;

    (void)state;
    open_good(&o);
    aw_sha256_hex(AW_STR(PAGE), digest);
    forge(&o, "captures.json", digest,
          "0000000000000000000000000000000000000000000000000000000000000000");
    assert_bad(o.path, "captures", "the payload is not the one");
    forge(&o, "capture-1.warc.gz", "\x1F\x8B", "\x1F\x8C");
    assert_bad(o.path, "captures", "capture-1.warc.gz");
    forge(&o, "captures.json", "\"offset\":0,", "\"offset\":1,");
    assert_bad(o.path, "captures", "is not as captures.json tells");
    forge(&o, "captures.json", "capture-1.warc.gz", "capture-3.warc.gz");
    assert_bad(o.path, "captures", "which is not there");
    close_opened(&o);
}

/* All in one list, the same for each: what is told of the first capture. */
static void what_is_read_of_a_capture_is_what_its_record_says(void **state)
{
    static const struct {
        const char *from, *to, *says;
    } lies[] = {{"\"url\":\"http", "\"url\":\"httq", "another URL"},
                {"\"fetched\":\"2", "\"fetched\":\"3", "another time"},
                {"\"status\":200", "\"status\":404", "another status"},
                {"\"ip\":\"192.0.2.7\"", "\"ip\":\"192.0.2.8\"",
                 "another address"},
                {"\"date\":\"2", "\"date\":\"3",
                 "is not as captures.json tells"}};
    struct opened o;

    (void)state;
    open_good(&o);
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        forge(&o, "captures.json", lies[i].from, lies[i].to);
        assert_bad(o.path, "captures", lies[i].says);
    }
    close_opened(&o);
}

static void what_is_read_of_a_finding_is_what_its_capture_says(void **state)
{
    static const struct {
        const char *from, *to, *says;
    } lies[] = {{"\"url\":\"http", "\"url\":\"httq",
                 "its URL is not that of its capture 2"},
                {"\"capture\":2", "\"capture\":9",
                 "its URL is not that of its capture 9"},
                {"\"title\":\"<", "\"title\":\"x<",
                 "no capture of its page has its title"}};
    struct opened o;

    (void)state;
    open_good(&o);
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        forge(&o, "finding-1.json", lies[i].from, lies[i].to);
        assert_bad(o.path, "finding", lies[i].says);
    }
    close_opened(&o);
}

/* A few bytes a value in the bundle, 64 in memory. */
static void json_of_too_many_values_is_not_taken(void **state)
{
    static const char from[] = "\"captures\":[";
    struct aw_buf many;
    struct opened o;

    (void)state;
    aw_buf_init(&many, (size_t)4 << 20);
    aw_buf_puts(&many, "\"many\":[");
    for (int i = 0; i < 300000; i++)
        aw_buf_puts(&many, "[],");
    aw_buf_puts(&many, "0],");
    aw_buf_puts(&many, from);
    aw_buf_putc(&many, '\0');
    open_good(&o);
    forge(&o, "captures.json", from, aw_buf_str(&many).ptr);
    assert_bad(o.path, "names", "is more than a bundle of");
    aw_buf_deinit(&many);
    close_opened(&o);
}

static void new_manifests_do_not_hide_bad_json(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    forge(&o, "finding-1.json", "{\"id\"", "{\"id");
    assert_bad(o.path, "finding", "is not JSON");
    forge(&o, "finding-1.json", "\"confirmed\"", "\"new\"");
    assert_bad(o.path, "finding", "not confirmed");
    forge(&o, "provisions.json", "}\n", "}\n{}\n");
    assert_bad(o.path, "finding", "is not JSON");
    close_opened(&o);
}

/* What no other item needs. */
static void new_manifests_do_not_hide_json_of_another_shape(void **state)
{
    static const struct {
        const char *file, *from, *to, *says;
    } lies[] = {
        {"history-1.json", "\"captures_cut\"", "\"cut\"",
         "'captures_cut' is missing"},
        {"history-1.json", "\"captures_cut\":false", "\"captures_cut\":0",
         "'captures_cut' is of another kind"},
        {"history-1.json", "\"finding\":1,\"url\"", "\"finding\":2,\"url\"",
         "tells of another one than its name"},
        {"history-1.json", "\"finding\":1,\"url\"", "\"finding\":1.5,\"url\"",
         "'finding' is of another kind"},
        {"history-1.json",
         "\"versions\":[{\"payload_digest\":", "\"versions\":[{\"digest\":",
         "'versions': 'payload_digest' is missing"},
        {"history-1.json", "\"captures\":[{", "\"captures\":[7,{",
         "'captures': 'id' is missing"},
        {"history-1.json", "\"rendered\":false", "\"rendered\":null",
         "'rendered' is of another kind"},
        {"environment.json", "\"ok\":", "\"okay\":", "'ok' is missing"},
        {"environment.json", "{\"at\":", "{\"at\":1,\"at\":", "twice"},
        {"environment.json", "\"checks\":[", "\"checks\":{},\"c\":[",
         "'checks' is of another kind"},
        {"tool.json", "\"parts\":[{\"name\"", "\"parts\":[{\"names\"",
         "'parts': 'name' is missing"}};
    struct opened o;

    (void)state;
    open_good(&o);
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        forge(&o, lies[i].file, lies[i].from, lies[i].to);
        assert_bad(o.path, "names", lies[i].says);
    }
    close_opened(&o);
}

static void a_key_that_stands_twice_is_refused(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    forge(&o, "finding-1.json", "{\"id\"", "{\"state\":\"new\",\"id\"");
    assert_bad(o.path, "finding", "has the key 'state' twice");
    forge(&o, "captures.json", "\"ip\":\"192.0.2.7\"",
          "\"ip\":\"192.0.2.7\",\"\\u0069p\":\"192.0.2.8\"");
    assert_bad(o.path, "names", "has the key 'ip' twice");
    close_opened(&o);
}

/* Without the entry whose name ends so. */
static void forge_without(struct opened *o, const char *name)
{
    size_t at = entry_named(o, name);
    struct aw_zip_entry entry = o->entries[at];

    o->entries[at].name = AW_STR("x/none"); /* no payload: not taken over */
    forge(o, "none", "", "");
    o->entries[at] = entry;
}

static void new_manifests_do_not_hide_a_file_taken_away(void **state)
{
    static const char *const needed[] = {
        "data/00-说明.html", "history-1.json",   "bundle-chain.json",
        "audit-head.json",   "environment.json", "tool.json"};
    struct opened o;

    (void)state;
    open_good(&o);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        forge_without(&o, needed[i]);
        assert_bad(o.path, "names", "there is no 'data/");
        assert_bad(o.path, "names", needed[i]);
    }
    forge_without(&o, "commands.log");
    assert_good(o.path);
    close_opened(&o);
}

static void new_manifests_do_not_hide_a_foreign_file(void **state)
{
    static const char *const names[] = {
        "x/data/说明.exe",
        "x/data/09-文书/6-不予立案决定书.pdf",
        "x/data/01-线索/finding-01.json",
        "x/data/01-线索/finding-.json",
        "x/data/01-线索/finding.json",
        "x/data/05-截图/capture-1-首屏.png.exe"};
    struct opened o;

    (void)state;
    open_good(&o);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        o.entries[entry_named(&o, "bagit.txt")].name = aw_str_of(names[i]);
        forge(&o, "none", "", "");
        assert_bad(o.path, "names", "is no file of such a bundle");
        o.entries[entry_named(&o, names[i])].name = AW_STR("x/bagit.txt");
    }
    close_opened(&o);
}

static void papers_are_all_there_or_none(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    o.entries[entry_named(&o, "bagit.txt")].name =
        AW_STR("x/data/09-文书/2-电子数据提取笔录.html");
    forge(&o, "none", "", "");
    assert_bad(o.path, "names", "there is no 'data/09-文书/case.xml'");
    close_opened(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(any_flipped_bit_is_found),
        UNIT(any_flipped_bit_of_the_container_is_found),
        UNIT(bytes_before_between_and_behind_are_found),
        UNIT(a_cut_off_file_is_found),
        UNIT(a_file_that_is_not_there_is_missing),
        UNIT(an_entry_taken_away_is_found),
        UNIT(an_entry_added_is_found),
        UNIT(an_entry_renamed_or_swapped_is_found),
        UNIT(an_entry_that_stands_twice_is_found),
        UNIT(entries_of_another_time_are_found),
        UNIT(links_folders_and_compression_are_refused),
        UNIT(new_manifests_do_not_hide_a_changed_decision),
        UNIT(a_head_of_the_audit_chain_has_its_shape),
        UNIT(new_manifests_do_not_hide_a_changed_capture),
        UNIT(what_is_read_of_a_capture_is_what_its_record_says),
        UNIT(what_is_read_of_a_finding_is_what_its_capture_says),
        UNIT(json_of_too_many_values_is_not_taken),
        UNIT(new_manifests_do_not_hide_bad_json),
        UNIT(new_manifests_do_not_hide_json_of_another_shape),
        UNIT(a_key_that_stands_twice_is_refused),
        UNIT(new_manifests_do_not_hide_a_file_taken_away),
        UNIT(new_manifests_do_not_hide_a_foreign_file),
        UNIT(papers_are_all_there_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
