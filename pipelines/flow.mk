# flow.mk - candles from the source to predictions, batch by batch. GNU make.
#
#   make -f flow.mk [SYMBOL=BTCUSDT] [INTERVAL=1m] [SOURCE=sim|rest|FILE...]
#
# A batch is a folder, $(RUN)/TIME, and each stage is a file in it that appears
# whole: written under another name and renamed. So a run that was killed is
# resumed by the same command, and a finished stage is not done again. Objects
# and loads are exactly-once by themselves: see gcs-put(1) and bq-load(1).
#
# A batch is what the source has and production has not, candle by candle: new
# candles, older ones that were missing, and those that the source restated.
# The source that was read last is right. Variables are set on make's command
# line; the environment counts for the store and the warehouse alone.

SHELL := /bin/bash
# What a command prints; one that is killed would otherwise leave an empty text
said = $(shell $(1))$(if $(filter 0,$(.SHELLSTATUS)),,$(error killed or failed: $(1)))

SYMBOL = BTCUSDT
INTERVAL = 1m
SOURCE = sim
# Only candles from here on. The exchange (SOURCE=rest) is asked from the newest
# candle in production on, but from a SINCE that was not asked for before.
SINCE =
# When files were made: a candle still open then is not final. Default: now
CLOSED_BY =
SLUICE_STORE ?= file:var/store
SLUICE_WAREHOUSE ?= sqlite:var/warehouse
# Working files; the receipts in it are the audit trail
VAR = var/flow
# The time a batch is made at; for tests
NOW = $(call said,date -u +%Y-%m-%dT%H:%M:%S.%3NZ)

# The simulated exchange's candles (SOURCE=sim)
ROWS = 20000
SEED = 1
# More options for kline-get (SOURCE=rest), such as -u URL
GET =
# The share of malformed rows at which a batch is refused
MAX_REJECTS = 1%

# What makes staging production: the filters, on rows that come and go, or one
# statement that the warehouse runs where the rows are (STAGE=sql), which leaves
# no object of the result
STAGE = rows

# The model
TARGET = num_of_trades
FEATURES = num_of_trades_lag_1,num_of_trades_lag_2,trades_by_volume,trades_by_range,trades_by_taker_volume
TRAIN_PERCENT = 80
# What sums up the training rows: lr-train as it reads them, or the warehouse
# (TRAIN=sql), which has them all; both give the same coefficients
TRAIN = rows
GATE = $(HERE)/gate.json

HERE := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
FLOW := $(lastword $(MAKEFILE_LIST))
# the symbol becomes part of names, and of commands
quoted = '$(subst ','\'',$(1))'
matches = $(shell printf '%s\n' $(call quoted,$(1)) | grep -cxE '$(2)')
ifneq ($(call matches,$(SYMBOL),[A-Z0-9]+),1)
$(error SYMBOL: '$(SYMBOL)' is not of capital letters and digits)
endif
ifneq ($(call matches,$(INTERVAL),1[smhdwM]|[35]m|15m|30m|[2468]h|12h|3d),1)
$(error INTERVAL: '$(INTERVAL)' is none of 1s 1m 3m 5m ... 1d 3d 1w 1M)
endif
ifneq ($(call matches,$(TRAIN_PERCENT),[1-9][0-9]?),1)
$(error TRAIN_PERCENT: '$(TRAIN_PERCENT)' is not a number from 1 to 99)
endif
$(foreach path,VAR GATE HERE,$(if $(filter 1,$(call matches,$($(path)),[A-Za-z0-9_./@%+-]+)),,\
    $(error $(path): '$($(path))' is not a path of letters, digits and _./@%+-)))
$(if $(SOURCE),,$(error SOURCE is empty))
$(foreach way,STAGE TRAIN,$(if $(filter rows sql,$($(way))),,\
    $(error $(way): '$($(way))' is neither rows nor sql)))
# Made up candles are never taken for real ones.
NAME := $(if $(filter sim,$(SOURCE)),SIM)$(SYMBOL)
# 1M is a month and 1m a minute, but SQLite's names ignore case
SERIES := $(call said,tr A-Z a-z <<< $(NAME))_$(INTERVAL:1M=1mo)
# Runs of one series wait for each other, also those with another VAR
LOCK = $(patsubst sqlite:%,%,$(or $(filter sqlite:%,$(SLUICE_WAREHOUSE)),$(RUN)))/$(SERIES).lock
RUN = $(VAR)/$(SERIES)
RAW = raw_$(SERIES)
export SLUICE_STORE SLUICE_WAREHOUSE
of_series = -p symbol=$(NAME) -p step=$(INTERVAL)
newest = bq-query $(of_series) -f $(HERE)/sql/newest.sql | sed 1d

.DEFAULT_GOAL := run
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables --no-print-directory
.PHONY: run tables always

# One batch at a time: what a killed run left running is waited for.
run:
	@mkdir -p $(RUN) "$$(dirname '$(LOCK)')"
	exec 9> '$(LOCK)'
	flock -n 9 || { echo 'flow: waiting for another run of $(SERIES)' >&2; flock 9; }
	$(MAKE) -f $(FLOW) tables
	now=$(call quoted,$(NOW))
	new=$(RUN)/$$(tr -d ':-' <<< "$$now") note=
	last=$$(printf '%s\n' $(RUN)/*Z | tail -n 1)
	if [[ $$last != *'*'* && $$new < $$last ]]; then
	    echo "flow: the clock says $$now, which is before the last batch, $$last" >&2
	    exit 1
	fi
	for batch in $(RUN)/*Z $$new; do
	    [ ! -e $$batch/loaded ] && [[ $$batch != *'*'* ]] || continue
	    # a batch that was never extracted is not worth its old time
	    [ -e $$batch/extract.csv ] || rm -rf $$batch
	    [ -e $$batch ] || [ $$batch = $$new ] || continue
	    $(MAKE) -s -f $(FLOW) BATCH=$$batch $$batch/new.csv
	    rm -f $(RUN)/rejects.csv
	    if [ "$$(head -n 2 $$batch/new.csv | wc -l)" -eq 2 ]; then
	        $(MAKE) -f $(FLOW) BATCH=$$batch $$batch/loaded
	        cp $$batch/since $(RUN)/since
	        continue
	    fi
	    note='nothing new, this was the last'
	    if [ "$$(head -n 2 $$batch/rejects.csv | wc -l)" -eq 2 ]; then
	        mv $$batch/rejects.csv $(RUN)/rejects.csv
	        note+='; what the source has wrong is in $(RUN)/rejects.csv'
	    fi
	    mv $$batch/since $(RUN)/since
	    rm -r $$batch
	done
	last=$$(printf '%s\n' $(RUN)/*Z | tail -n 1)
	if [ ! -e $$last/loaded ]; then
	    [ -n "$$($(newest))" ] || { echo 'flow: the source has no candles' >&2; exit 2; }
	    echo 'flow: nothing new, and no earlier batch in $(RUN) to show'
	    exit
	fi
	$(MAKE) -s -f $(FLOW) BATCH=$$last $$last/metrics.json || {
	    echo 'flow: the data are loaded, but there is no model' >&2
	    exit 1
	}
	$(HERE)/summary.sh $$last $(SERIES) "$$note"

no_candles = kline-sim -s $(SYMBOL) -i $(INTERVAL) -n 0 | csv-stamp -c created_at,updated_at

# Empty batches create the tables, once.
tables:
	@$(no_candles) |
	    bq-load --mode append -s $(HERE)/schemas/klines.raw.schema.json \
	        staging.$(RAW) > /dev/null
	$(no_candles) |
	    csv-addsymbol $(NAME) |
	    csv-addsymbol -c interval $(INTERVAL) |
	    csv-cast -s $(HERE)/schemas/klines.schema.json |
	    bq-load --mode merge -s $(HERE)/schemas/klines.schema.json \
	        production.klines > /dev/null

ifdef BATCH

# The stage begun, for who watches
say = [ ! -t 2 ] || echo '  $(@F)' >&2
# What was done to the data is not done again, whatever the files' times say:
# so their prerequisites are order-only, and --always-make is not for them.
once = [ ! -e $@ ] || exit 0; $(say)

# 20240126T150000.300Z back to 2024-01-26T15:00:00.300Z
TIME := $(call said,sed -E 's/(....)(..)(..)T(..)(..)(.*)/\1-\2-\3T\4:\5:\6/' <<< $(notdir $(BATCH)))
since = $(if $(SINCE),--since $(call quoted,$(SINCE)))
ifeq ($(SOURCE),sim)
extract = kline-sim -s $(SYMBOL) -i $(INTERVAL) -n $(ROWS) $(since) \
    --seed $(SEED) --dirty --no-open
else ifeq ($(SOURCE),rest)
extract = kline-get -s $(SYMBOL) -i $(INTERVAL) $(GET) "$$@"
else
extract = kline-read -i $(INTERVAL) --pass $(since) \
    --closed-by $(call quoted,$(or $(CLOSED_BY),$(TIME))) $(SOURCE)
# an empty file is what is left of a download that failed
define check
for file in $(SOURCE); do
    if [ -f "$$file" ] && [ ! -s "$$file" ]; then
        echo "flow: $$file is empty" >&2
        exit 1
    fi
done
endef
endif
check ?= :

# beside it: since. The newest candle is asked for again: it may have been in
# production before it was final.
$(BATCH)/extract.csv:
	@$(once)
	$(check)
	mkdir -p $(@D)
	echo $(call quoted,$(SINCE)) > $(@D)/since
	set -- $(since)
	if [ -z $(call quoted,$(SINCE)) ] || cmp -s $(@D)/since $(RUN)/since; then
	    newest=$$($(newest))
	    [ -z "$$newest" ] || set -- --since "$$newest"
	fi
	$(extract) > $@.tmp
	mv $@.tmp $@

# beside it: rejects.csv, report.json. A batch that is refused is put aside, and
# the next run begins one anew.
$(BATCH)/good.csv: | $(BATCH)/extract.csv
	@$(once)
	csv-validate -s $(HERE)/schemas/klines.raw.schema.json \
	    --rejects $(@D)/rejects.csv --report $(@D)/report.json \
	    --max-rejects $(call quoted,$(MAX_REJECTS)) < $(@D)/extract.csv > $@.tmp || {
	    status=$$?
	    [ $$status -eq 1 ] || exit $$status
	    rm -rf $(RUN)/*.refused
	    mv $(@D) $(@D).refused
	    echo 'flow: more than MAX_REJECTS='$(call quoted,$(MAX_REJECTS))' of the rows are rejected;' \
	        'see $(@D).refused/rejects.csv' >&2
	    exit 1
	}
	mv $@.tmp $@

# Of equal open times the candle with more trades counts: a partial one has
# fewer. Where that is the one in production, all of that time are known.
$(BATCH)/new.csv: | $(BATCH)/good.csv
	@$(once)
	schema=$(HERE)/schemas/klines.raw.schema.json
	oldest=$$(awk -F, 'NR == 2 || $$1 < oldest { oldest = $$1 } END { print oldest }' $(@D)/good.csv)
	bq-query $(of_series) -p oldest="$${oldest:-0}" -f $(HERE)/sql/known.sql > $(@D)/production.tmp
	csv-dedup -k open_time --keep max:num_of_trades $(@D)/good.csv |
	    csv-except -s $$schema $(@D)/production.tmp > $(@D)/changed.tmp
	csv-except -k open_time $(@D)/changed.tmp $(@D)/good.csv > $(@D)/known.csv
	csv-except -k open_time $(@D)/known.csv $(@D)/good.csv > $@.tmp
	rm $(@D)/production.tmp $(@D)/changed.tmp
	mv $@.tmp $@

$(BATCH)/raw.csv: | $(BATCH)/new.csv
	@$(once)
	csv-stamp -c created_at,updated_at -t $(TIME) < $(@D)/new.csv > $@.tmp
	mv $@.tmp $@

$(BATCH)/raw.gcs.json: | $(BATCH)/raw.csv
	@$(once)
	gcs-put -t $(TIME) staging/$(RAW) < $(@D)/raw.csv > $@.tmp
	mv $@.tmp $@

url_of = "$$(sed 's/.*"url": "\([^"]*\)".*/\1/' $(1))"

$(BATCH)/raw.bq.json: | $(BATCH)/raw.csv $(BATCH)/raw.gcs.json
	@$(once)
	bq-load --mode append -s $(HERE)/schemas/klines.raw.schema.json \
	    --source $(call url_of,$(@D)/raw.gcs.json) staging.$(RAW) < $(@D)/raw.csv > $@.tmp
	mv $@.tmp $@

$(BATCH)/updated_at: | $(BATCH)/raw.bq.json
	@$(once)
	now=$(call quoted,$(NOW))
	newest=$$(bq-query $(of_series) 'SELECT MAX(updated_at) AS newest FROM production.klines
	    WHERE symbol = @symbol AND `interval` = @step' | sed 1d)
	if [[ $$now < $$newest ]]; then
	    echo "flow: the clock says $$now, but production was updated at $$newest" >&2
	    exit 1
	fi
	echo "$$now" > $@.tmp
	mv $@.tmp $@

ifeq ($(STAGE),sql)
produce = sed 's/staging\.raw/staging.$(RAW)/' $(HERE)/sql/produce.sql | bq-query $(of_series) \
    -p created_at=$(TIME) -p updated_at=$$(cat $(@D)/updated_at)

$(BATCH)/dups.csv: | $(BATCH)/updated_at
	@$(once)
	$(produce) -p duplicates:BOOL=true -f - > $@.tmp
	mv $@.tmp $@

$(BATCH)/prod.bq.json: | $(BATCH)/updated_at $(BATCH)/dups.csv
	@$(once)
	$(produce) -p duplicates:BOOL=false -f - --to production.klines --mode merge \
	    -s $(HERE)/schemas/klines.schema.json > $@.tmp
	mv $@.tmp $@
else
# beside it: dups.csv. Of equal open times the candle with more trades comes
# last and stays: a partial candle has fewer than the final one.
$(BATCH)/prod.csv: | $(BATCH)/updated_at
	@$(once)
	bq-query -p created_at=$(TIME) 'SELECT * FROM staging.$(RAW)
	    WHERE created_at = TIMESTAMP(@created_at)
	    ORDER BY open_time, num_of_trades' |
	    csv-dedup -k open_time --keep max:created_at --dups $(@D)/dups.csv |
	    csv-addsymbol $(NAME) |
	    csv-addsymbol -c interval $(INTERVAL) |
	    csv-stamp -f -c updated_at -t $$(cat $(@D)/updated_at) |
	    csv-cast -s $(HERE)/schemas/klines.schema.json > $@.tmp
	mv $@.tmp $@

$(BATCH)/prod.gcs.json: | $(BATCH)/prod.csv
	@$(once)
	gcs-put -t $$(cat $(@D)/updated_at) production/klines < $(@D)/prod.csv > $@.tmp || {
	    status=$$?
	    # another series has an object of that millisecond: take another one
	    name=$$(sed 's/T/:/; s/\.\(...\).*/:\1/' $(@D)/updated_at)
	    if [ "$$(cat $(@D)/updated_at)" != $(call quoted,$(NOW)) ] &&
	        gcs-get production/klines/created_at=$$name > $@.tmp 2> /dev/null &&
	        ! cmp -s $@.tmp $(@D)/prod.csv; then
	        rm $(@D)/updated_at
	        exec $(MAKE) -s -f $(FLOW) BATCH=$(BATCH) $@
	    fi
	    exit $$status
	}
	mv $@.tmp $@

$(BATCH)/prod.bq.json: | $(BATCH)/prod.csv $(BATCH)/prod.gcs.json
	@$(once)
	bq-load --mode merge -s $(HERE)/schemas/klines.schema.json \
	    --source $(call url_of,$(@D)/prod.gcs.json) production.klines < $(@D)/prod.csv > $@.tmp
	mv $@.tmp $@
endif

$(BATCH)/loaded: | $(BATCH)/prod.bq.json
	@$(once)
	touch $@

# The model is made anew when its SQL or its parameters change.
params := $(BATCH)/model.params
_ := $(shell [ -e $(BATCH)/loaded ] || exit 0; \
    printf '%s\n' $(call quoted,$(TARGET)) $(call quoted,$(FEATURES)) $(TRAIN_PERCENT) $(TRAIN) > $(params).tmp; \
    cmp -s $(params).tmp $(params) && rm $(params).tmp || \
    mv $(params).tmp $(params))
$(params): ;

$(BATCH)/split: $(BATCH)/loaded $(params) $(HERE)/sql/split.sql
	@$(say)
	bq-query $(of_series) -p train_percent=$(TRAIN_PERCENT) \
	    -f $(HERE)/sql/split.sql | sed 1d > $@.tmp
	mv $@.tmp $@

$(BATCH)/train.csv: $(BATCH)/split $(HERE)/sql/features.sql
	@$(say)
	bq-query $(of_series) -p since=0001-01-01 -p until=$$(cat $<) \
	    -f $(HERE)/sql/features.sql > $@.tmp
	mv $@.tmp $@

$(BATCH)/test.csv: $(BATCH)/split $(HERE)/sql/features.sql
	@$(say)
	bq-query $(of_series) -p since=$$(cat $<) -p until=9999-12-31 \
	    -f $(HERE)/sql/features.sql > $@.tmp
	mv $@.tmp $@

regression = -y $(call quoted,$(TARGET)) -x $(call quoted,$(FEATURES))

ifeq ($(TRAIN),rows)
$(BATCH)/model.json: $(BATCH)/train.csv $(params)
	@$(say)
	lr-train $(regression) < $< > $@.tmp
	mv $@.tmp $@
else
# The rows stay where they are; what leaves the warehouse is one exact sum for
# each pair of columns.
$(BATCH)/train.state: $(BATCH)/split $(params) $(HERE)/sql/features.sql
	@$(say)
	features=staging.features_$(SERIES)
	bq-query $(of_series) -p since=0001-01-01 -p until=$$(cat $<) \
	    -f $(HERE)/sql/features.sql -s $(HERE)/schemas/features.schema.json \
	    --to $$features --mode replace > $(@D)/features.bq.json
	lr-gram --emit-sql $(firstword $(subst :, ,$(SLUICE_WAREHOUSE))) --table $$features $(regression) |
	    bq-query -f - > $@.tmp
	mv $@.tmp $@

$(BATCH)/model.json: $(BATCH)/train.state
	@$(say)
	lr-train --from-state $(regression) < $< > $@.tmp
	mv $@.tmp $@
endif

$(BATCH)/predictions.csv: $(BATCH)/test.csv $(BATCH)/model.json
	@$(say)
	lr-predict -m $(@D)/model.json < $< > $@.tmp
	mv $@.tmp $@

# The gate is asked in every run. Its no is the summary's to say: the data are
# loaded all the same.
$(BATCH)/metrics.json: $(BATCH)/predictions.csv always
	@$(say)
	lr-eval -y $(call quoted,$(TARGET)) --gate $(GATE) < $< > $@.tmp || [ $$? -eq 1 ]
	cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@

endif
