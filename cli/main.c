#include "cli/cli.h"

int main(int argc, char **argv)
{
    return aw_cli_main(argc, argv);
}
