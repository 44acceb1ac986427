/* party.h - who is named in a document: firms, codes, filings, telephones.
 *
 * Found by their form alone, in every block, hidden ones too. Nothing is
 * looked up: that a code is well made does not mean that it was given out.
 * Letters and digits in disguise count as their ASCII ones (party_fold.h).
 *
 *   names      ... 有限公司, 有限责任公司, 股份公司, 集团公司, 合作社,
 *              合伙企业, 事务所, 商行, 经营部, with their branch, as written;
 *              "Sample Trading Co., Ltd."
 *   uscc       18 characters, check digit right (GB 32100-2015)
 *   icp        鲁ICP备16012345号; the number of the site ("-2") is left
 *              off, since the filing names its subject
 *   psb        鲁公网安备37080002000123号
 *   phones     13812345678, 0537-2345678, 400-123-4567, however they are
 *              grouped, also read out in Chinese numerals; behind 电话 and its
 *              like also 2345678 and hotlines (96000)
 *   wechat, qq the handle behind 微信, 加V, QQ and what stands in their place
 *   addresses  a street with its number, a chain of at least three places, or
 *              what stands behind 地址; as written, disguises folded
 *   domains    registrable ones (public suffix list), of the document's URL
 *              and of hosts and mailboxes in its text; no mail providers
 */
#ifndef AW_EXTRACT_PARTY_H
#define AW_EXTRACT_PARTY_H

#include "base/document.h"

/* Adds the party unless doc has one of that kind and value. Over the
 * document's limit it is left out, which is AW_OK. */
aw_rc aw_party_add(struct aw_document *doc, struct aw_party party,
                   struct aw_err *err) AW_MUST_USE;

/* Finds the parties in all blocks and adds them to doc, each value once, at
 * the first place where it stands; then the domain of doc->url. Linear in the
 * text. */
aw_rc aw_party_scan(struct aw_document *doc, struct aw_err *err) AW_MUST_USE;

/* Adds the registrable domain of doc->url, which stands nowhere in the text;
 * none where it has none (an IP address, a public suffix). */
aw_rc aw_party_add_host(struct aw_document *doc,
                        struct aw_err *err) AW_MUST_USE;

/* Does this provider, in lower case, give mailboxes to everybody? Then they
 * are nobody's domain. */
bool aw_party_is_mailer(struct aw_str domain);

/* 18 characters of a unified social credit code whose last one is right. */
bool aw_party_is_uscc(struct aw_str code);

#endif
