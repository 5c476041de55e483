# make            build/turntable, optimised
# make debug      build/debug/turntable, under AddressSanitizer and UBSan
# make unit       builds (with sanitizers) and runs the unit tests
# make judge      builds build/judge, which answers questions about policies (test/iam/random.mjs)
# make fuzz       builds the fuzz targets into build/fuzz/
# make console    builds the console into build/console/, from where the program takes it; wants its npm packages
# make check-style, make compile_commands.json
#
# CC=clang builds with clang; BUILD=dir builds elsewhere; ROOMS="base items" limits the library and its unit tests to those
# rooms of src/; WERROR=1 makes warnings errors.

CC ?= cc
BUILD ?= build
ROOMS ?= base metrics http console wire auth signin iam directory services services/dynamodb services/iam services/streams services/sts services/cognito_identity services/cognito_idp services/transfer services/turntable services/console services/cloudformation services/cloudcontrol services/s3 services/ssm services/cloudwatch services/bootstrap expressions expressions/partiql items exchange catalog storage deploy deploy/types stacks cli
VERSION := 0.1.0

PACKAGES := libmicrohttpd openssl yajl yaml-0.1 libpcre2-8 libxxhash zlib libzstd
PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lrocksdb

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla $(if $(WERROR),-Werror)
CFLAGS_ALL := -std=c17 -D_GNU_SOURCE -DTURNTABLE_VERSION='"$(VERSION)"' -Isrc -include src/base/banned.h \
	$(WARNINGS) $(PACKAGE_CFLAGS) -pthread -MMD -MP -g
RELEASE_CFLAGS := -O2 -fno-plt -fstack-protector-strong -D_FORTIFY_SOURCE=2
DEBUG_CFLAGS := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

SOURCES := $(sort $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c)))
UNIT_TESTS := $(sort $(foreach room,$(ROOMS),$(wildcard test/unit/$(room)/*_test.c)))
FUZZ_TARGETS := $(wildcard test/fuzz/*_fuzz.c)

.PHONY: all console debug unit unit-build judge fuzz clean check-style
all: $(BUILD)/turntable
debug: $(BUILD)/debug/turntable

$(BUILD)/turntable: $(SOURCES:src/%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/main.o
	$(CC) $(RELEASE_CFLAGS) -pthread -o $@ $^ $(PACKAGE_LIBS)

$(BUILD)/debug/turntable: $(BUILD)/debug/obj/main.o $(BUILD)/debug/libturntable.a
	$(CC) $(DEBUG_CFLAGS) -pthread -o $@ $^ $(PACKAGE_LIBS)

$(BUILD)/debug/libturntable.a: $(SOURCES:src/%.c=$(BUILD)/debug/obj/%.o)
	rm -f $@
	ar rcs $@ $^

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(RELEASE_CFLAGS) -c -o $@ $<

$(BUILD)/debug/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(DEBUG_CFLAGS) -c -o $@ $<

# ---- the console, which is embedded if it was built (src/console/files.c) ----
# That it was is told to the compiler by an option, so that a compiler's cache knows these objects from those without it. What makes
# the console anew is `make console` alone: a server is built with the one that is there.
CONSOLE_LIST := build/console/embedded.h
CONSOLE_OBJECTS := $(foreach objects,obj debug/obj fuzz/obj,$(BUILD)/$(objects)/console/files.o)

console: build/console/built

build/console/built: $(shell find console/ -name node_modules -prune -o -print 2>/dev/null)
	npm run --silent --prefix console build
	touch $@

ifneq ($(wildcard $(CONSOLE_LIST)),)
$(CONSOLE_OBJECTS): $(CONSOLE_LIST)
$(CONSOLE_OBJECTS): CFLAGS_ALL += -DTURNTABLE_CONSOLE -Ibuild/console
endif

# ---- unit tests: one program a file, cmocka ----
UNIT_PROGRAMS := $(UNIT_TESTS:test/unit/%.c=$(BUILD)/unit/%)

$(BUILD)/unit/%: test/unit/%.c $(BUILD)/debug/libturntable.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(DEBUG_CFLAGS) -Itest -o $@ $< $(BUILD)/debug/libturntable.a $(PACKAGE_LIBS) -lcmocka

unit-build: $(UNIT_PROGRAMS)

unit: $(UNIT_PROGRAMS)
	@failed=0; for t in $(UNIT_PROGRAMS); do echo "== $$t"; $$t || failed=1; done; exit $$failed

# ---- what answers questions about policies ----
judge: $(BUILD)/judge

$(BUILD)/judge: test/iam/judge.c $(BUILD)/debug/libturntable.a
	$(CC) $(CFLAGS_ALL) $(DEBUG_CFLAGS) -Itest -o $@ $< $(BUILD)/debug/libturntable.a $(PACKAGE_LIBS)

# ---- fuzz targets: libFuzzer, clang only ----
FUZZ_CFLAGS := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all

$(BUILD)/fuzz/obj/%.o: src/%.c
	@mkdir -p $(@D)
	clang $(CFLAGS_ALL) $(FUZZ_CFLAGS) -c -o $@ $<

$(BUILD)/fuzz/%_fuzz: test/fuzz/%_fuzz.c $(SOURCES:src/%.c=$(BUILD)/fuzz/obj/%.o)
	@mkdir -p $(@D)
	clang $(CFLAGS_ALL) $(FUZZ_CFLAGS) -fsanitize=fuzzer -Itest -o $@ $(filter %.c %.o,$^) $(PACKAGE_LIBS)

fuzz: $(FUZZ_TARGETS:test/fuzz/%.c=$(BUILD)/fuzz/%)

# ---- tools ----
compile_commands.json:
	bear -- $(MAKE) BUILD=build/bear clean all

check-style:
	clang-format --dry-run -Werror $(shell git ls-files 'src/*.[ch]' 'test/*.[ch]' 'bench/*.[ch]')

clean:
	rm -rf $(BUILD)/obj $(BUILD)/debug $(BUILD)/unit $(BUILD)/fuzz $(BUILD)/judge $(BUILD)/turntable

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
