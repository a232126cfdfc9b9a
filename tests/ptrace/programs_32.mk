# SPDX-License-Identifier: GPL-2.0-only
# All programs are also run as 32-bit programs, NAME_32, except programs_64.  These use
# registers of 64-bit tasks, print a register that holds a pid, are 64-bit programs beside
# 32-bit ones, or are expected to differ (programs/*.differs).
programs_64 := req_fpregs step_hw_bad step_popf \
	req_compat_stops req_compat_tracee req_compat_tracer req_compat_user req_int80 \
	$(basename $(notdir $(wildcard programs/*.differs)))
programs_32 := $(filter-out $(programs_64),$(patsubst programs/%.c,%,$(wildcard programs/*.c)))
