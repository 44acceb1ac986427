/* bundle_names.h - where things lie in a bundle. A contract with whoever
 * opens one: change nothing, add only.
 *
 * Paths are UTF-8, below the bag's own folder. The page for people comes
 * first; numbered folders follow in the order in which a case is read: the
 * finding, the archived pages, the law, the decisions.
 */
#ifndef AW_EVIDENCE_BUNDLE_NAMES_H
#define AW_EVIDENCE_BUNDLE_NAMES_H

#define AW_BUNDLE_PAGE "data/00-说明.html"
#define AW_BUNDLE_FINDING "data/01-线索/finding.json" /* of format 1 */
#define AW_BUNDLE_FINDINGS_DIR "data/01-线索/"
/* Of a night: which findings of its list are not in it, and why. */
#define AW_BUNDLE_LEFT_OUT AW_BUNDLE_FINDINGS_DIR "left-out.json"
#define AW_BUNDLE_CAPTURES_DIR "data/02-网页存档/"
#define AW_BUNDLE_CAPTURES AW_BUNDLE_CAPTURES_DIR "captures.json"
#define AW_BUNDLE_PROVISIONS "data/03-法律依据/provisions.json"
#define AW_BUNDLE_DECISIONS "data/04-决定/decisions.json"
#define AW_BUNDLE_TOOL "data/08-环境/tool.json"
#define AW_BUNDLE_ENVIRONMENT "data/08-环境/environment.json"
#define AW_BUNDLE_COMMANDS "data/08-环境/commands.log"
#define AW_BUNDLE_SCREENS_DIR "data/05-截图/"
#define AW_BUNDLE_TEXTS_DIR "data/06-文本/"
#define AW_BUNDLE_ORIGINALS_DIR "data/07-原件/"
#define AW_BUNDLE_AUDIT "data/04-决定/audit-head.json"

#endif
