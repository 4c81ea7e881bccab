# SPDX-License-Identifier: GPL-3.0-or-later
# `make help` lists the targets. Virtual environments and the jars of Kafka are in a cache outside the checkout:
# $STREAMOPS_CACHE, else $XDG_CACHE_HOME or ~/.cache with the name streamops-kafka-connect.

.POSIX:
.SUFFIXES:

# Any Python 3.10+ can create the environments; all other programs run in these.
FIND_PYTHON = python=$$(.ci/find-python)
NEWEST = $(FIND_PYTHON) && python=$$($$python -m testing.tooling.environments newest) && PATH="$$(dirname $$python):$$PATH" && export PATH
QUALITY = $(FIND_PYTHON) && python=$$($$python -m testing.tooling.environments quality) && PATH="$$(dirname $$python):$$PATH" && export PATH
RUN = $(FIND_PYTHON) && $$python -m testing.tooling.run

# Arguments of sessions and programs: make nox SESSIONS="lint unit-2.21"; make sandbox-up SANDBOX="--name mine --kafka 3.9"
SESSIONS =
SANDBOX =
CHAOS =
TAG =
RECORD =

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

demo: ## start a real cluster and run the main use case on it, step by step
	@$(NEWEST) && $$python -m testing.demo up

demo-picture: ## run the demo and draw the picture of the README from its output
	@$(NEWEST) && $$python -m testing.demo picture && $$python -m testing.demo down

demo-down: ## stop and remove the cluster of the demo
	@$(NEWEST) && $$python -m testing.demo down

check: ## quick checks: lint, types, docs, and the unit tests on the newest ansible-core
	@$(RUN) --check

test: ## run every check and test that needs no root, and print a table
	@$(RUN)

test-deep: ## run the slow tests: other versions of ansible-core, Kafka 3.9, many more random examples
	@$(RUN) --deep

test-hosts: ## test the roles on real hosts with systemd, over SSH; needs root
	@$(RUN) --hosts

test-hosts-deep: ## run the scenarios that are too slow for test-hosts
	@$(RUN) --hosts-deep

nox: ## run some sessions only: make nox SESSIONS="lint unit-2.21"
	@$(RUN) $(SESSIONS)

build: ## build the collection artifact in tests/output/release
	@$(QUALITY) && $$python -m testing.tooling.release build

release-check: ## check that TAG, galaxy.yml and the changelog name the same version, and write its release notes: make release-check TAG=1.2.3
	@$(QUALITY) && $$python -m testing.tooling.release check "$(TAG)"

pictures: ## draw docs/images from their sources
	@$(NEWEST) && $$python -m testing.pictures

returns: ## write the RETURN blocks of the modules from docs/development/returns
	@$(NEWEST) && $$python -m testing.tooling.returns

format: ## fix and format the code with ruff
	@$(RUN) format

benchmark: ## compare the speed with the alternatives
	@$(NEWEST) && $$python -m testing.benchmark

chaos: ## inject faults into a real cluster during runs: CHAOS="--seed 7 --minutes 20 --kafka 4.3 --faults flapping"
	@$(NEWEST) && $$python -m testing.chaos $(CHAOS)

sandbox-up: ## start a real broker and three real workers: SANDBOX="--name mine --kafka 3.9 --secure"
	@$(NEWEST) && $$python -m testing.sandbox up $(SANDBOX)

sandbox-down: ## stop and remove them: SANDBOX="--name mine"
	@$(NEWEST) && $$python -m testing.sandbox down $(SANDBOX)

record-keys: ## write the data of the engine about keys; RECORD="--kafka 4.3.1" first records a Kafka release
	@$(NEWEST) && $$python -m testing.record_keys $(RECORD)

venv: ## create the virtual environment of the newest ansible-core and print the path of its activate script
	@$(NEWEST) && echo "$$(dirname $$python)/activate"

.PHONY: help demo demo-picture build release-check pictures demo-down check test test-deep test-hosts test-hosts-deep nox returns format benchmark chaos sandbox-up sandbox-down record-keys venv
