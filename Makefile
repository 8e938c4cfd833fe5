# sluice - build, check, install, run. GNU make.
#
#   make run      what is missing is installed or named; the whole flow runs
#   make check    all tests; the last line is "N passed, N failed"
#
# V=1 shows the commands; O= and BIN= choose other build folders.

TOOLS = \
	csv-stamp

LIB = \
	buf \
	clock \
	cols \
	csvin \
	csvout \
	decimal \
	die \
	io \
	json \
	num \
	opt

CC = gcc
CFLAGS = -O2 -g
STD = -std=c11 -D_POSIX_C_SOURCE=200809L
WARN = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_LD = -pie -Wl,-z,relro,-z,now

PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DATADIR = $(PREFIX)/share/sluice
O = build
BIN = bin

ifndef V
Q = @
endif

programs = $(TOOLS:%=$(BIN)/%)

all: $(programs)

pkg = $(shell pkg-config $(1) $(2) 2>/dev/null)

$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@$(if $(Q),echo "  cc $<")
	$(Q)$(CC) $(STD) $(WARN) $(HARDEN) $(CFLAGS) $(CPPFLAGS) -iquote lib \
	    -MMD -MP -c -o $@ $<

$(O)/libsluice.a: $(LIB:%=$(O)/lib/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BIN)/%: $(O)/tools/%.o $(O)/libsluice.a
	@mkdir -p $(@D)
	@$(if $(Q),echo "  ld $@")
	$(Q)$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LDLIBS)

-include $(LIB:%=$(O)/lib/%.d) $(TOOLS:%=$(O)/tools/%.d)

clean:
	rm -rf $(O) $(BIN)

.PHONY: all clean
