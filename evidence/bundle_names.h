/* bundle_names.h - where things lie in a bundle. A contract with whoever
 * opens one: change nothing, add only.
 *
 * Paths are UTF-8, below the bag's own folder. The page for people comes
 * first; numbered folders follow in the order in which a case is read: the
 * finding, the archived pages, the law, the decisions.
 */
#ifndef AW_EVIDENCE_BUNDLE_NAMES_H
#define AW_EVIDENCE_BUNDLE_NAMES_H

/* Of one file each: the page for people, a finding of format 1, all findings.
 */
#define AW_BUNDLE_PAGE "data/00-说明.html"
#define AW_BUNDLE_FINDING "data/01-线索/finding.json" /* of format 1 */
#define AW_BUNDLE_FINDINGS_DIR "data/01-线索/"
/* Of a night: which findings of its list are not in it, and why. */
#define AW_BUNDLE_LEFT_OUT AW_BUNDLE_FINDINGS_DIR "left-out.json"
/* What was fetched or handed in, and what captures.json tells of each. */
#define AW_BUNDLE_CAPTURES_DIR "data/02-网页存档/"
#define AW_BUNDLE_CAPTURES AW_BUNDLE_CAPTURES_DIR "captures.json"
/* The law in the version in force when a finding was first seen; what people
 * decided; with what the bundle was made, where, and by which commands. */
#define AW_BUNDLE_PROVISIONS "data/03-法律依据/provisions.json"
#define AW_BUNDLE_DECISIONS "data/04-决定/decisions.json"
#define AW_BUNDLE_TOOL "data/08-环境/tool.json"
#define AW_BUNDLE_ENVIRONMENT "data/08-环境/environment.json"
#define AW_BUNDLE_COMMANDS "data/08-环境/commands.log"
/* Pictures of pages, their texts with offsets, originals of hand-ins; the head
 * of the audit's chain when the bundle was made (review/audit.h). */
#define AW_BUNDLE_SCREENS_DIR "data/05-截图/"
#define AW_BUNDLE_TEXTS_DIR "data/06-文本/"
#define AW_BUNDLE_ORIGINALS_DIR "data/07-原件/"
#define AW_BUNDLE_AUDIT "data/04-决定/audit-head.json"

/* All files that the payload may hold, and no others. '#' stands for a number,
 * '*' for a name that somebody gave. X(of format, must be there, pattern) */
#define AW_BUNDLE_FILES(X)                                           \
    X(1, ALWAYS, AW_BUNDLE_PAGE)                                     \
    X(1, ALWAYS, AW_BUNDLE_FINDING)                                  \
    X(1, SOMETIMES, AW_BUNDLE_CAPTURES_DIR "capture-#.warc.gz")      \
    X(1, ALWAYS, AW_BUNDLE_CAPTURES)                                 \
    X(1, ALWAYS, AW_BUNDLE_PROVISIONS)                               \
    X(1, ALWAYS, AW_BUNDLE_DECISIONS)                                \
    X(1, SOMETIMES, AW_BUNDLE_AUDIT)                                 \
    X(2, ALWAYS, AW_BUNDLE_PAGE)                                     \
    X(2, SOMETIMES, AW_BUNDLE_FINDINGS_DIR "finding-#.json")         \
    X(2, SOMETIMES, AW_BUNDLE_FINDINGS_DIR "history-#.json")         \
    X(2, SOMETIMES, AW_BUNDLE_LEFT_OUT) /* of a night */             \
    X(2, ALWAYS, AW_BUNDLE_CAPTURES)                                 \
    X(2, SOMETIMES, AW_BUNDLE_CAPTURES_DIR "capture-#.warc.gz")      \
    X(2, SOMETIMES, AW_BUNDLE_CAPTURES_DIR "capture-#.wacz")         \
    X(2, SOMETIMES, AW_BUNDLE_CAPTURES_DIR "capture-#-对比.json")    \
    X(2, ALWAYS, AW_BUNDLE_PROVISIONS)                               \
    X(2, ALWAYS, AW_BUNDLE_DECISIONS)                                \
    X(2, ALWAYS, AW_BUNDLE_AUDIT)                                    \
    X(2, ALWAYS, "data/04-决定/bundle-chain.json")                   \
    X(2, SOMETIMES, AW_BUNDLE_SCREENS_DIR "capture-#-首屏.png")      \
    X(2, SOMETIMES, AW_BUNDLE_SCREENS_DIR "capture-#-首屏-标注.png") \
    X(2, SOMETIMES, AW_BUNDLE_SCREENS_DIR "capture-#-全页.png")      \
    X(2, SOMETIMES, AW_BUNDLE_SCREENS_DIR "capture-#-全页-标注.png") \
    X(2, SOMETIMES, AW_BUNDLE_TEXTS_DIR "capture-#.dom.html")        \
    X(2, SOMETIMES, AW_BUNDLE_TEXTS_DIR "capture-#.txt")             \
    X(2, SOMETIMES, AW_BUNDLE_TEXTS_DIR "capture-#.blocks.json")     \
    X(2, SOMETIMES, AW_BUNDLE_ORIGINALS_DIR "hand-in-#-*")           \
    X(2, ALWAYS, AW_BUNDLE_TOOL)                                     \
    X(2, ALWAYS, AW_BUNDLE_ENVIRONMENT)                              \
    X(2, SOMETIMES, AW_BUNDLE_COMMANDS) /* not of a night */         \
    X(2, WITH_PAPERS, "data/09-文书/case.xml")                       \
    X(2, WITH_PAPERS, "data/09-文书/1-涉嫌违法广告线索移送函.html")  \
    X(2, SOMETIMES, "data/09-文书/1-涉嫌违法广告线索移送函.pdf")     \
    X(2, WITH_PAPERS, "data/09-文书/2-电子数据提取笔录.html")        \
    X(2, SOMETIMES, "data/09-文书/2-电子数据提取笔录.pdf")           \
    X(2, WITH_PAPERS, "data/09-文书/3-证据清单.html")                \
    X(2, SOMETIMES, "data/09-文书/3-证据清单.pdf")                   \
    X(2, SOMETIMES, "data/09-文书/4-截图固定页.html")                \
    X(2, SOMETIMES, "data/09-文书/4-截图固定页.pdf")                 \
    X(2, WITH_PAPERS, "data/09-文书/5-广告监测情况说明.html")        \
    X(2, SOMETIMES, "data/09-文书/5-广告监测情况说明.pdf")           \
    X(2, SOMETIMES, "data/10-隐私/redactions.json")

#endif
