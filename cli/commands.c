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
    X(paper)        \
