/* party.h - who is named in a document: firms, codes, filings, telephones.
 *
 * Found by their form alone, in every block, hidden ones too. Nothing is
 * looked up: that a code is well made does not mean that it was given out.
 * Full-width digits and letters count as their ASCII ones.
 *
 *   names      ... 有限公司, 有限责任公司, 股份公司, 集团公司, 合作社,
 *              （有限合伙）, as written
 *   uscc       18 characters, check digit right (GB 32100-2015)
 *   icp        鲁ICP备16012345号; the number of the site ("-2") is left
 *              off, since the filing names its subject
 *   psb        鲁公网安备37080002000123号
 *   phones     13812345678, 0537-2345678, 400-123-4567
 *   wechat, qq the handle behind 微信, 加V, QQ ...
 */
#ifndef AW_EXTRACT_PARTY_H
#define AW_EXTRACT_PARTY_H

#include "base/document.h"

/* Adds the party unless doc has one of that kind and value. Over the
 * document's limit it is left out, which is AW_OK. */
aw_rc aw_party_add(struct aw_document *doc, struct aw_party party,
                   struct aw_err *err) AW_MUST_USE;

/* Finds the parties in all blocks and adds them to doc, each value once, at
 * the first place where it stands. Linear in the text. */
aw_rc aw_party_scan(struct aw_document *doc, struct aw_err *err) AW_MUST_USE;

/* 18 characters of a unified social credit code whose last one is right. */
bool aw_party_is_uscc(struct aw_str code);

#endif
