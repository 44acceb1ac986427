# adwatch: `make demo` and `make check` do everything; `make` builds.
#
#   make            build/adwatch
#   make deps       install what is missing (Debian packages), but for bench
#   make demo       the main job on a sample city, in build/demo
#   make check      every test, twice (plain, sanitizers), and the checks of CI
#   make bench      the figures of docs/benchmarks.md
#   make install    to $(DESTDIR)$(PREFIX)
#
#   make fuzz       each fuzzer for FUZZ_S seconds (60), two at a time
#
# SAN=1 builds with ASan and UBSan into build/asan; CC=clang works as well.
# FUZZ=1, of `make fuzz`, builds with clang for libFuzzer into build/fuzz.

MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
PREFIX ?= /usr/local
CC = $(if $(FUZZ),clang,gcc)
B ?= $(or $(if $(FUZZ),build/fuzz),$(if $(SAN),build/asan),$(if $(filter \
	clang,$(CC)),build/clang),build)

VERSION := 0.1.0
MODULES := base store archive extract classify reader crawler review reports evidence web cli
RELEASED := 2026-11-23
PACKAGES := libcurl libpsl libpcre2-8 libcjson libcyaml yaml-0.1 libhs \
	sqlite3 libsodium icu-uc icu-i18n libdeflate libisal zlib libssl libcrypto \
	libarchive libbrotlidec libzstd libxml-2.0 libseccomp tesseract lept \
	libmicrohttpd xlsxwriter ncursesw libxslt libgcrypt

comma := ,
CHECKED := $(SAN)$(FUZZ)
SANITIZERS := $(if $(FUZZ),fuzzer-no-link$(comma))address$(comma)undefined
OPT := $(if $(CHECKED),-O1 -fno-omit-frame-pointer -fsanitize=$(SANITIZERS) -fno-sanitize-recover=all,-O2)
WARN := -Wall -Wextra -Wshadow -Wconversion -Werror
HARDEN := $(if $(CHECKED),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE
CPPFLAGS += -I. -I$(B)/gen -D_GNU_SOURCE -DAW_VERSION='"$(VERSION)"' \
	-DAW_DATE='"$(RELEASED)"'
CFLAGS += -std=c17 -g $(OPT) $(WARN) $(HARDEN)

# What is missing stops every goal that builds, with a line that names it.
missing := $(shell packaging/deps.sh --missing $(CC) $(PACKAGES) opencc 2>&1)
ifneq ($(missing),)
ifneq ($(filter-out deps demo check bench clean print-layers,$(or $(MAKECMDGOALS),all)),)
$(error $(missing))
endif
else
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES))
endif
LDLIBS += -Wl,--as-needed $(PKG_LIBS) -lcsv -lm
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
uses_evidence := reports review crawler reader store archive extract classify base
uses_web := evidence reports review crawler reader store archive extract classify base
uses_cli := web evidence reports review crawler reader store archive extract classify base

objects = $(patsubst %.c,$(B)/obj/%.o,$(wildcard $(1)/*.c)) \
	$(if $(filter classify,$(1)),$(B)/obj/gen/fold_table.o) \
	$(if $(filter extract,$(1)),$(B)/obj/gen/gb_table.o) \
	$(if $(filter web,$(1)),$(B)/obj/gen/page_table.o)
module_libs = $(foreach m,$(1),$(B)/lib/lib$(m).a)

# V=1 shows the whole commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)  $(patsubst $(B)/%,%,$@)")

.DEFAULT_GOAL := all
.PHONY: all
all: $(B)/adwatch $(B)/model.awm

$(B)/adwatch: $(B)/obj/cli/main.o $(call module_libs,cli $(uses_cli))
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group \
		$(call module_libs,cli $(uses_cli)) -Wl,--end-group $(LDLIBS)

define module_rules
$(B)/lib/lib$(1).a: $(filter-out $(B)/obj/cli/main.o,$(call objects,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(Q)ar rcs $$@ $$^
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$(m))))

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC  )
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# What the prefilter keeps for the next start depends on the files that make it.
PREFILTER := $(wildcard classify/literals.[ch] classify/prefilter*.[ch])
prefilter_kept := $(B)/obj/classify/prefilter_kept.o \
	$(B)/tidy/classify/prefilter_kept.ok
$(prefilter_kept): $(PREFILTER)
$(prefilter_kept): CPPFLAGS += \
	-DAW_PREFILTER_SOURCES='"$(shell cat $(PREFILTER) | sha256sum | cut -c1-16)"'

# Likewise what the lexicon keeps.
LEXICON := $(wildcard classify/lexicon_kept.[ch] classify/lexicon_yaml.[ch])
lexicon_kept := $(B)/obj/classify/lexicon_kept.o \
	$(B)/tidy/classify/lexicon_kept.ok
$(lexicon_kept): $(LEXICON)
$(lexicon_kept): CPPFLAGS += \
	-DAW_LEXICON_SOURCES='"$(shell cat $(LEXICON) | sha256sum | cut -c1-16)"'

# The folding table: made at build time from ICU and OpenCC.
$(B)/gen/fold_gen: classify/gen/fold_gen.c classify/disguise_table.c \
		classify/disguise_table.h classify/fold_table.h
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(CC) $(CPPFLAGS) -std=c17 -O1 $(WARN) -o $@ \
		$(filter %.c,$^) \
		$(shell pkg-config --cflags --libs icu-uc icu-i18n opencc | sed 's/-I/-isystem /g')
$(B)/gen/fold_table.c: $(B)/gen/fold_gen
	$(Q)$< > $@.tmp
	$(Q)mv $@.tmp $@
$(B)/obj/gen/fold_table.o: $(B)/gen/fold_table.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The pairs of GB18030: likewise from ICU.
$(B)/gen/gb_gen: extract/gen/gb_gen.c
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(CC) $(CPPFLAGS) -std=c17 -O1 $(WARN) -o $@ $< \
		$(shell pkg-config --cflags --libs icu-uc | sed 's/-I/-isystem /g')
$(B)/gen/gb_table.c: $(B)/gen/gb_gen
	$(Q)$< > $@.tmp
	$(Q)mv $@.tmp $@
$(B)/obj/gen/gb_table.o: $(B)/gen/gb_table.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The files of the page, as bytes.
PAGE := $(sort $(wildcard web/page/*))
$(B)/gen/page_gen: web/gen/page_gen.c
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(CC) -std=c17 -O1 $(WARN) -o $@ $<
$(B)/gen/page_table.c: $(B)/gen/page_gen $(PAGE) $(wildcard web/page)
	$(Q)$< $(PAGE) > $@.tmp
	$(Q)mv $@.tmp $@
$(B)/obj/gen/page_table.o: $(B)/gen/page_table.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The model that comes with adwatch: trained from the corpus, the same bytes
# from the same corpus and lexicon.
DATA := $(wildcard corpus/*.jsonl lexicons/*.yaml lexicons/*/*.yaml)
$(B)/model.awm: $(B)/adwatch $(DATA)
	$(call say,TRAIN)
	$(Q)$(B)/adwatch train --lexicon lexicons --out $@ corpus

# Unit tests: tests/M/test_x.c is linked with module M and what M may use.
# In those named test_x_oom.c allocations fail (tests/alloc_fail.h); in test_cell
# pages take their reader over (tests/reader/hook.h).
$(B)/tests/extract/test_inflate: LDLIBS += -lbrotlienc
$(B)/tests/%_oom: LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
$(B)/tests/reader/test_cell: LDFLAGS += -Wl,--wrap=aw_extract
TESTS := $(foreach m,$(MODULES),$(wildcard tests/$(m)/test_*.c))
TEST_BINS := $(patsubst %.c,$(B)/%,$(TESTS))
define test_rules
$(B)/tests/$(1)/test_%: tests/$(1)/test_%.c $(call module_libs,$(1) $(uses_$(1)))
	@mkdir -p $$(@D)
	$$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $$(PKG_CFLAGS) $(CFLAGS) $$(LDFLAGS) -MMD -MP -o $$@ $$< \
		-Wl,--start-group $(call module_libs,$(1) $(uses_$(1))) \
		-Wl,--end-group -lcmocka $$(LDLIBS)
endef
$(foreach m,$(MODULES),$(eval $(call test_rules,$(m))))

.PHONY: unit
unit: $(TEST_BINS)
	@tests/run-unit.sh $(TEST_BINS)

-include $(shell find $(B)/obj $(B)/tests -name '*.d' 2>/dev/null)

# ---- for people -----------------------------------------------------------

.PHONY: deps demo demo-run check check-run bench bench-run bench-frontier \
	bench-queue bench-desk bench-dashboard bench-bundle bench-verify install clean
deps:
	@packaging/deps.sh

# What deps installs is seen only by a make that starts after it.
demo check bench:
	@packaging/deps.sh $@
	@$(MAKE) --no-print-directory $@-run

demo-run: all
	@tests/sites/demo.sh $(B)/adwatch $(B)/demo

bench-run: all $(B)/tests/bench/extract $(B)/tests/bench/normalise
	@tests/bench/bench.sh $(B)/adwatch $(B)/bench
	@tests/bench/classify.sh $(abspath $(B))/adwatch $(B)/bench/classify \
		$(BENCH_TEXTS)
	@taskset -c 0 $(B)/tests/bench/extract
	@taskset -c 0 $(B)/tests/bench/normalise

# The frontier with ten million URLs: takes minutes.
bench-frontier: $(B)/tests/bench/frontier
	@rm -rf $(B)/bench-frontier
	@$(B)/tests/bench/frontier $(B)/bench-frontier
	@rm -rf $(B)/bench-frontier

# The reviewer's queue with a million findings: takes minutes.
bench-queue: $(B)/tests/bench/queue
	@rm -rf $(B)/bench-queue
	@$(B)/tests/bench/queue $(B)/bench-queue
	@rm -rf $(B)/bench-queue

# A nightly export of 10,000 findings: seconds, and memory at its most.
bench-bundle: $(B)/tests/evidence/test_gathered $(B)/tests/evidence/test_seconds
	@AW_BENCH_NIGHT=10000 $(B)/tests/evidence/test_gathered 2>&1 | \
		grep -E 'a night of|FAILED|PASSED'
	@AW_BENCH_BUNDLE=1 $(B)/tests/evidence/test_seconds 2>&1 | \
		grep -E 'one finding,|FAILED|PASSED'

$(B)/tests/bench/queue: tests/bench/queue.c \
		$(call module_libs,web $(uses_web))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,web $(uses_web)) \
		-Wl,--end-group $(LDLIBS)

# Bundles written and verified.
# Whole ones: a night, a case of pictures, and those named in BUNDLES.
bench-verify: $(B)/tests/bench/verify $(B)/tests/evidence/test_gathered
	@rm -rf $(B)/bench-verify
	@$(B)/tests/bench/verify $(B)/bench-verify
	@AW_BENCH_NIGHT=10000 AW_BENCH_KEEP=$(B)/bench-verify \
		$(B)/tests/evidence/test_gathered >$(B)/bench-verify/log 2>&1 || \
		{ grep -E 'ERROR|FAILED' $(B)/bench-verify/log; exit 1; }
	@$(B)/tests/bench/verify --whole $(B)/bench-verify/night.zip \
		$(B)/bench-verify/pictures.zip $(BUNDLES)
	@rm -rf $(B)/bench-verify

$(B)/tests/bench/verify: tests/bench/verify.c \
		$(call module_libs,evidence $(uses_evidence))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,evidence $(uses_evidence)) \
		-Wl,--end-group $(LDLIBS)

# HTML to document, beside libxml2.
$(B)/tests/bench/extract: tests/bench/extract.c \
		$(call module_libs,extract $(uses_extract))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,extract $(uses_extract)) \
		-Wl,--end-group $(LDLIBS)

# A text's two views, beside a copy of its bytes.
$(B)/tests/bench/normalise: tests/bench/normalise.c \
		$(call module_libs,classify $(uses_classify))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,classify $(uses_classify)) \
		-Wl,--end-group $(LDLIBS)

$(B)/tests/bench/frontier: tests/bench/frontier.c \
		$(call module_libs,crawler $(uses_crawler))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,crawler $(uses_crawler)) \
		-Wl,--end-group $(LDLIBS)

# The dashboard's numbers over a million findings: takes minutes.
bench-dashboard: $(B)/tests/bench/dashboard
	@rm -rf $(B)/bench-dashboard
	@$(B)/tests/bench/dashboard $(B)/bench-dashboard
	@rm -rf $(B)/bench-dashboard

$(B)/tests/bench/dashboard: tests/bench/dashboard.c \
		$(call module_libs,reports $(uses_reports))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,reports $(uses_reports)) \
		-Wl,--end-group $(LDLIBS)

install: all
	packaging/install.sh $(B) '$(DESTDIR)$(PREFIX)'

clean:
	rm -rf build

# OCR held against posters that Chromium renders; the table of docs/quality.md.
.PHONY: posters
posters: all $(B)/tests/posters/read_all
	@node tests/posters/make.mjs $(B)/posters
	@node tests/posters/score.mjs $(B)/adwatch $(B)/tests/posters/read_all \
		$(B)/posters

$(B)/tests/posters/read_all: tests/posters/read_all.c \
		$(call module_libs,extract $(uses_extract))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,extract $(uses_extract)) \
		-Wl,--end-group $(LDLIBS)

# ---- fuzzing ----------------------------------------------------------------

# tests/fuzz/fuzz_X.c is linked with libFuzzer (FUZZ=1), and with replay.c.
FUZZ_S ?= 60
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_LIBS := $(call module_libs,cli $(uses_cli))
FUZZ_SEEDS := $(B)/tests/fuzz/seeds/answer
fuzz_link = $(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ \
	$(filter %.o,$^) -Wl,--start-group $(FUZZ_LIBS) -Wl,--end-group $(LDLIBS)

.PHONY: fuzz fuzz-run replay
.SECONDARY: $(FUZZERS:%=$(B)/obj/tests/fuzz/fuzz_%.o) \
	$(B)/obj/tests/fuzz/hold.o $(B)/obj/tests/fuzz/replay.o
fuzz:
	@$(MAKE) --no-print-directory FUZZ=1 fuzz-run
fuzz-run: $(FUZZERS:%=$(B)/tests/fuzz/%) $(FUZZ_SEEDS)
	@tests/fuzz/fuzz.sh $(B) $(FUZZ_S) $(FUZZERS)
replay: $(FUZZERS:%=$(B)/tests/fuzz/replay_%) $(FUZZ_SEEDS)
	@tests/fuzz/replay.sh $(B) $(FUZZERS)

$(FUZZERS:%=$(B)/tests/fuzz/%): $(B)/tests/fuzz/%: \
		$(B)/obj/tests/fuzz/fuzz_%.o $(B)/obj/tests/fuzz/hold.o $(FUZZ_LIBS)
	@mkdir -p $(@D)
	$(call say,FUZZ)
	$(Q)$(fuzz_link) -fsanitize=fuzzer
$(B)/tests/fuzz/replay_%: $(B)/obj/tests/fuzz/fuzz_%.o \
		$(B)/obj/tests/fuzz/hold.o $(B)/obj/tests/fuzz/replay.o $(FUZZ_LIBS)
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(fuzz_link)
$(B)/tests/fuzz/answer_seeds: $(B)/obj/tests/fuzz/answer_seeds.o $(FUZZ_LIBS)
	@mkdir -p $(@D)
	$(Q)$(fuzz_link)
$(B)/tests/fuzz/seeds/answer: $(B)/tests/fuzz/answer_seeds
	@mkdir -p $@
	$(Q)$< $@
	@touch $@

# ---- for CI -----------------------------------------------------------------

check-run:
	@tests/check.sh

INTEROP := build/interop/node_modules/.package-lock.json
BROWSER := build/browser/node_modules/.package-lock.json
.PHONY: e2e lint tidy print-layers
e2e: all $(B)/tests/e2e/hostile $(B)/tests/e2e/eio.so $(B)/tests/e2e/hooked \
		$(B)/tests/e2e/no_seccomp $(B)/tests/interop/make_archive \
		$(B)/tests/interop/make_wacz \
		$(INTEROP) $(BROWSER)
	@tests/e2e/run.sh $(B)/adwatch $(B)/e2e

# 50 reviewers at one server for a minute.
bench-desk: all $(BROWSER)
	@LOAD_SECONDS=60 tests/e2e/test_desk.sh $(B)/adwatch $(B)/bench-desk load

# The server of bad answers for tests/e2e/test_hostile.sh.
HOSTILE := tests/e2e/hostile.c tests/e2e/hostile_h2.c
$(B)/tests/e2e/hostile: $(HOSTILE) tests/e2e/hostile_h2.h
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(HOSTILE) \
		-lz -lbrotlienc -lzstd -lssl -lcrypto

# adwatch with pages that take their reader over, and a kernel without seccomp,
# for tests/e2e/test_cell.sh.
$(B)/tests/e2e/hooked: tests/e2e/hooked.c $(B)/obj/cli/main.o \
		$(call module_libs,cli $(uses_cli))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ \
		$< $(B)/obj/cli/main.o -Wl,--wrap=aw_extract -Wl,--start-group \
		$(call module_libs,cli $(uses_cli)) -Wl,--end-group $(LDLIBS)
$(B)/tests/e2e/no_seccomp: tests/e2e/no_seccomp.c
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lseccomp

# A WARC file with every kind of record, and other people's readers for it:
# tests/e2e/test_archive.sh.
$(B)/tests/interop/make_archive: tests/interop/make_archive.c \
		$(call module_libs,archive $(uses_archive))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,archive $(uses_archive)) \
		-Wl,--end-group $(LDLIBS)
# A WACZ of any WARC: tests/e2e/test_replay.sh.
$(B)/tests/interop/make_wacz: tests/interop/make_wacz.c \
		$(call module_libs,evidence $(uses_evidence))
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(call module_libs,evidence $(uses_evidence)) \
		-Wl,--end-group $(LDLIBS)
# What npm has for tests/interop and tests/browser.
$(INTEROP) $(BROWSER): build/%/node_modules/.package-lock.json: \
		tests/%/package.json tests/%/package-lock.json
	@mkdir -p build/$*
	@cp $^ build/$*
	$(call say,NPM )
	$(Q)cd build/$* && npm ci --no-audit --no-fund --ignore-scripts --silent
	@touch $@

# The disk that fails for tests/e2e/test_disk.sh; it must not be sanitized.
$(B)/tests/e2e/eio.so: tests/e2e/eio.c
	@mkdir -p $(@D)
	$(call say,TEST)
	$(Q)$(CC) -D_GNU_SOURCE -std=c17 -O1 $(WARN) -fPIC -shared -o $@ $< -ldl

# A module and those that it may use, in one line.
print-layers:
	@$(foreach m,$(MODULES),echo '$m $(uses_$m)';)

lint:
	@tests/lint/layers.sh
	@tests/lint/headers.sh '$(CPPFLAGS) $(PKG_CFLAGS) -std=c17 $(WARN)'
	@tests/lint/format.sh
	@tests/lint/cppcheck.sh

# clang-tidy over one file at a time, so that it runs on all cores.
TIDY := $(patsubst %.c,$(B)/tidy/%.ok,$(foreach m,$(MODULES),$(wildcard $(m)/*.c)))
tidy: $(TIDY)
$(B)/tidy/%.ok: %.c .clang-tidy
	@mkdir -p $(@D)
	$(call say,TIDY)
	@clang-tidy --quiet --warnings-as-errors='*' $< -- $(CPPFLAGS) $(PKG_CFLAGS) -std=c17 \
		>$@.log 2>&1 || { cat $@.log; exit 1; }
	@touch $@
