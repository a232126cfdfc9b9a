# SPDX-License-Identifier: GPL-2.0-only
# Every program is also run as a 32-bit one, NAME_32, but those that are about
# registers as only 64-bit programs see them, that show one which holds a pid
# there, that are 64-bit programs beside 32-bit ones, or that differ as it is meant
programs_64 := req_fpregs step_hw_bad step_popf \
	req_compat_stops req_compat_tracee req_compat_tracer req_compat_user req_int80 \
	$(basename $(notdir $(wildcard programs/*.differs)))
programs_32 := $(filter-out $(programs_64),$(patsubst programs/%.c,%,$(wildcard programs/*.c)))
