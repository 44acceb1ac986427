#include "cli/cli.h"

#define COMMANDS(X) \
    X(init)         \
    X(crawl)        \
    X(ingest)       \
    X(triage)       \
    X(decide)       \
    X(desk)         \
    X(serve)        \
    X(user)         \
    X(audit)        \
    X(bundle)       \
    X(bundles)      \
    X(seal)         \
    X(paper)        \
    X(verify)       \
    X(redact)       \
    X(custody)      \
    X(transfer)     \
    X(status)       \
    X(why)          \
    X(listing)      \
    X(rescan)       \
    X(render)       \
    X(classify)     \
    X(extract)      \
    X(lexicon)      \
    X(train)        \
    X(eval)         \
    X(archive)      \
    X(robots)       \
    X(url)          \
    X(doctor)       \
    X(completion)   \
    X(man)          \
    X(reader)

#define X(name) extern const struct aw_command aw_cmd_##name;
COMMANDS(X)
#undef X

const struct aw_command *const aw_commands[] = {
#define X(name) &aw_cmd_##name,
    COMMANDS(X)
#undef X
        NULL};
