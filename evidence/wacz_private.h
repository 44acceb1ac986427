/* wacz_private.h - the members of a WACZ; for wacz*.c alone.
 *
 * wacz.c makes them; wacz_check.c reads what is free in them (titles, times,
 * texts), makes them anew from that, and compares: so what is looked for is
 * told once.
 */
#ifndef AW_EVIDENCE_WACZ_PRIVATE_H
#define AW_EVIDENCE_WACZ_PRIVATE_H

#include "evidence/wacz.h"
#include "evidence/zip.h"

/* In the order in which they lie. Those before the package are listed in it.
 */
enum aw_wacz_member {
    AW_WACZ_INDEX,
    AW_WACZ_PAGES,
    AW_WACZ_WARC,
    AW_WACZ_PACKAGE,
    AW_WACZ_DIGEST,
    AW_WACZ_MEMBERS
};

/* member: an enum aw_wacz_member. */
struct aw_str aw_wacz_member_name(size_t member);

/* The entries; that of the WARC is a view of the source's, the others are
 * views of the buffers. */
struct aw_wacz_made {
    struct aw_buf bytes[AW_WACZ_MEMBERS];
    struct aw_zip_entry entries[AW_WACZ_MEMBERS];
};

void aw_wacz_made_init(struct aw_wacz_made *made);
void aw_wacz_made_deinit(struct aw_wacz_made *made);

/* Fills made, which the caller inits and deinits. As aw_wacz_make. */
aw_rc aw_wacz_make_members(struct aw_wacz_made *made,
                           const struct aw_wacz_source *source,
                           struct aw_err *err) AW_MUST_USE;

#endif
