# adwatch: `make demo` and `make check` do everything; `make` builds.
#
#   make            build/adwatch
#   make deps       install what is missing (Debian packages)
#   make demo       the main job on a sample city, in build/demo
#   make check      every test, twice (plain, sanitizers), and the checks of CI
#   make bench      the figures of docs/benchmarks.md
#   make install    to $(DESTDIR)$(PREFIX)
#
# SAN=1 builds with ASan and UBSan into build/asan; CC=clang works as well.

PREFIX ?= /usr/local
CC = gcc
B ?= $(if $(SAN),build/asan,$(if $(filter clang,$(CC)),build/clang,build))

VERSION := 0.1.0
MODULES := base store archive extract classify reader crawler review reports cli
PACKAGES := libcurl libxml-2.0 libpcre2-8 libcjson libcyaml yaml-0.1 libhs \
	sqlite3 icu-uc icu-i18n libdeflate zlib libcrypto libarchive

OPT := $(if $(SAN),-O1 -fno-omit-frame-pointer -fsanitize=address$(comma)undefined -fno-sanitize-recover=all,-O2)
comma := ,
WARN := -Wall -Wextra -Wshadow -Wconversion -Werror
HARDEN := $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE
CPPFLAGS += -I. -I$(B)/gen -D_GNU_SOURCE -DAW_VERSION='"$(VERSION)"'
CFLAGS += -std=c17 -g $(OPT) $(WARN) $(HARDEN)

have_pkgs := $(shell packaging/deps.sh --pkg-config $(PACKAGES) >/dev/null 2>&1 && echo yes)
ifeq ($(have_pkgs),yes)
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES))
endif
LDLIBS += -Wl,--as-needed $(PKG_LIBS) -lm
LDFLAGS += -pie -Wl,-z,relro,-z,now

# The layers: a module may use those after it in its list, and no others.
uses_base :=
uses_store := base
uses_archive := base
uses_extract := base
uses_classify := base
uses_reader := extract classify base
uses_crawler := reader store archive $(uses_reader)
uses_review := store archive base
uses_reports := review store archive base
uses_cli := reports review crawler reader store archive extract classify base

objects = $(patsubst %.c,$(B)/obj/%.o,$(wildcard $(1)/*.c)) \
	$(if $(filter classify,$(1)),$(B)/obj/gen/fold_table.o)
module_libs = $(foreach m,$(1),$(B)/lib/lib$(m).a)

.DEFAULT_GOAL := all
.PHONY: all
all: $(B)/adwatch

ifneq ($(have_pkgs),yes)
.PHONY: need-deps
need-deps:
	@packaging/deps.sh --pkg-config $(PACKAGES)
$(B)/adwatch: need-deps
endif

$(B)/adwatch: $(B)/obj/cli/main.o $(call module_libs,cli $(uses_cli))
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group \
		$(call module_libs,cli $(uses_cli)) -Wl,--end-group $(LDLIBS)

define module_rules
$(B)/lib/lib$(1).a: $(filter-out $(B)/obj/cli/main.o,$(call objects,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@
	ar rcs $$@ $$^
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$(m))))

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The folding table: made at build time from ICU and OpenCC.
$(B)/gen/fold_gen: classify/gen/fold_gen.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=c17 -O1 $(WARN) -o $@ $< \
		$(shell pkg-config --cflags --libs icu-uc opencc | sed 's/-I/-isystem /g')
$(B)/gen/fold_table.c: $(B)/gen/fold_gen
	$< > $@.tmp
	mv $@.tmp $@
$(B)/obj/gen/fold_table.o: $(B)/gen/fold_table.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Unit tests: tests/M/test_x.c is linked with module M and what M may use.
TESTS := $(foreach m,$(MODULES),$(wildcard tests/$(m)/test_*.c))
TEST_BINS := $(patsubst %.c,$(B)/%,$(TESTS))
define test_rules
$(B)/tests/$(1)/test_%: tests/$(1)/test_%.c $(call module_libs,$(1) $(uses_$(1)))
	@mkdir -p $$(@D)
	$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $$@ $$< \
		-Wl,--start-group $(call module_libs,$(1) $(uses_$(1))) \
		-Wl,--end-group -lcmocka $(LDLIBS)
endef
$(foreach m,$(MODULES),$(eval $(call test_rules,$(m))))

.PHONY: unit
unit: $(TEST_BINS)
	@tests/run-unit.sh $(TEST_BINS)

-include $(shell find $(B)/obj $(B)/tests -name '*.d' 2>/dev/null)

.PHONY: deps clean
deps:
	@packaging/deps.sh
clean:
	rm -rf build
