# SPDX-License-Identifier: GPL-2.0-only
# The targets of the utrace project.  Most of them run a script.

VARIANT ?= utrace
BUILDDIR ?= $(CURDIR)/build
# Pass CMD to the guest's bash unchanged: make must not expand it
override CMD := $(value CMD)
export KSRC BUILDDIR CMD BUILD

.PHONY: help demo check stress fuzz fuzz-engines bench kernel modules tests vm shell patches-check tree systemtap clean

help:
	@echo 'make demo                        build, boot and watch engines at work'
	@echo 'make check                       everything that must pass (TAP; the last line counts)'
	@echo 'make stress                      what is too long for make check'
	@echo 'make fuzz N=... SEED=...         more ptrace sequences than make check plays'
	@echo 'make fuzz-engines N=... SEED=... sequences of engines, tasks and what disturbs them'
	@echo 'make bench                       what operations cost, vanilla beside utrace, with'
	@echo '                                 voluntary and with full preemption'
	@echo 'make kernel VARIANT=utrace       build one kernel: utrace, vanilla, off, debug,'
	@echo '                                 preempt, vanilla-preempt or kcsan'
	@echo 'make modules                     samples and test engines against build/utrace'
	@echo 'make tests                       user-space test programs'
	@echo "make vm VARIANT=... CMD='...'    run CMD in a virtual machine with that kernel"
	@echo 'make shell                       the same with a shell'
	@echo 'make systemtap                   SystemTap on the layer: build/systemtap/stap'
	@echo 'make patches-check [BUILD=1]     patches apply by git am; BUILD=1: each one builds'
	@echo 'make tree                        assemble the kernel trees in build/src'
	@echo 'make clean                       remove build/'
	@echo
	@echo 'KSRC=/path/to/linux takes another source than Debian 12'"'"'s linux-source-6.1.'

demo:
	@samples/demo.sh

check:
	@tests/check.sh

stress:
	@tests/check.sh --stress

N ?= 20000
SEED ?= 100000
fuzz:
	@tests/ptrace/fuzz/fuzz.sh -n '$(N)' -s '$(SEED)'

# SHOW: also generate what triggers these known faults (Documentation/testing.rst)
fuzz-engines: N = 500
fuzz-engines:
	@tests/fuzz/fuzz.sh -n '$(N)' -s '$(SEED)' -v '$(VARIANT)' $(if $(SHOW),--show '$(SHOW)')

# The benchmarks need four kernels.  configs/build.sh does not rebuild what is up to date.
bench:
	@for variant in vanilla utrace vanilla-preempt preempt; do \
		configs/build.sh $$variant >&2 || exit; \
	done
	@for variant in utrace preempt; do \
		configs/modules.sh $$variant >&2 || exit; \
	done
	@bench/bench.sh $(BENCHFLAGS)

tree:
	@patches/tree.sh

kernel:
	@configs/build.sh '$(VARIANT)'

modules: kernel
	@configs/modules.sh '$(VARIANT)'

tests:
	@$(MAKE) --no-print-directory -C tests O='$(BUILDDIR)/tests'

vm:
	@tests/vm/vm.sh $(VMFLAGS) '$(VARIANT)' "$$CMD"

shell:
	@tests/vm/vm.sh $(VMFLAGS) --shell '$(VARIANT)'

systemtap:
	@configs/packages.sh
	@configs/packages.sh systemtap.txt
	@configs/build.sh utrace
	@systemtap/prepare.sh

patches-check:
	@tests/checks/patches.sh

clean:
	rm -rf '$(BUILDDIR)'
