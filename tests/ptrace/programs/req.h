/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs about requests share: all requests at once, results sorted */
#ifndef REQ_H
#define REQ_H

#include <asm/ldt.h>
#include <asm/prctl.h>
#include <linux/elf.h>
#include <linux/seccomp.h>
#include <pthread.h>

#include "../rig.h"

#define UNUSED __attribute__((unused))

/* Those that <linux/ptrace.h> has in one of the two sizes only */
#define REQ_GETFPXREGS		18
#define REQ_SETFPXREGS		19
#define REQ_OLDSETOPTIONS	21
#define REQ_GET_THREAD_AREA	25
#define REQ_SET_THREAD_AREA	26
#define REQ_ARCH_PRCTL		30

typedef long req_call(int request, pid_t pid, long addr, long data);

/* Static, so that it lies below 4 GB and a 32-bit call reaches it, too */
static UNUSED long req_word = 0x1234;
static UNUSED char req_room[8192] __attribute__((aligned(64)));
static UNUSED char req_old[8192] __attribute__((aligned(64)));
static UNUSED struct iovec req_iov;

/* Results by value: "  -ESRCH: CONT SYSCALL", in the order of first sight */
static struct {
	int n;
	struct {
		char result[24];
		char names[700];
	} of[16];
} req_results;

static UNUSED void req_add(const char *name, const char *result)
{
	int i;

	for (i = 0; i < req_results.n; i++)
		if (!strcmp(req_results.of[i].result, result))
			break;
	if (i == 16)
		abort();
	if (i == req_results.n) {
		req_results.n++;
		strcpy(req_results.of[i].result, result);
		req_results.of[i].names[0] = 0;
	}
	strcat(req_results.of[i].names, " ");
	strcat(req_results.of[i].names, name);
}

static UNUSED void req_print(void)
{
	int i;

	for (i = 0; i < req_results.n; i++)
		out("  %s:%s", req_results.of[i].result,
		    req_results.of[i].names);
	req_results.n = 0;
}

/* What SETOPTIONS sets again */
static UNUSED long req_options;

/* Those that leave the tracee as it is, with good arguments */
static UNUSED void req_quiet(req_call *call, pid_t pid)
{
	struct ptrace_peeksiginfo_args *peek = (void *)req_room;
	char *room = req_room;
	long data = (long)room;

#define ASK(name, request, addr, data) \
	req_add(name, show_errno(call(request, pid, addr, data)))
	ASK("PEEKTEXT", PTRACE_PEEKTEXT, (long)&req_word, data);
	ASK("PEEKDATA", PTRACE_PEEKDATA, (long)&req_word, data);
	ASK("PEEKUSR", PTRACE_PEEKUSR, 0, data);
	ASK("POKETEXT", PTRACE_POKETEXT, (long)&req_word, req_word);
	ASK("POKEDATA", PTRACE_POKEDATA, (long)&req_word, req_word);
	*(long *)room = 0;
	call(PTRACE_PEEKUSR, pid, 0, data);
	ASK("POKEUSR", PTRACE_POKEUSR, 0, *(long *)room);
	ASK("GETREGS", PTRACE_GETREGS, 0, data);
	ASK("SETREGS", PTRACE_SETREGS, 0, data);
	ASK("GETFPREGS", PTRACE_GETFPREGS, 0, data);
	ASK("SETFPREGS", PTRACE_SETFPREGS, 0, data);
	ASK("GETFPXREGS", REQ_GETFPXREGS, 0, data);
	ASK("SETFPXREGS", REQ_SETFPXREGS, 0, data);
	ASK("OLDSETOPTIONS", REQ_OLDSETOPTIONS, 0, req_options);
	ASK("SETOPTIONS", PTRACE_SETOPTIONS, 0, req_options);
	ASK("GET_THREAD_AREA", REQ_GET_THREAD_AREA, 12, data);
	ASK("ARCH_PRCTL", REQ_ARCH_PRCTL, data, ARCH_GET_FS);
	ASK("GETEVENTMSG", PTRACE_GETEVENTMSG, 0, data);
	ASK("GETSIGINFO", PTRACE_GETSIGINFO, 0, data);
	ASK("SETSIGINFO", PTRACE_SETSIGINFO, 0, data);
	req_iov = (struct iovec){ room, 16 };
	ASK("GETREGSET", PTRACE_GETREGSET, NT_PRSTATUS, (long)&req_iov);
	ASK("SETREGSET", PTRACE_SETREGSET, NT_PRSTATUS, (long)&req_iov);
	*peek = (struct ptrace_peeksiginfo_args){ .nr = 1 };
	ASK("PEEKSIGINFO", PTRACE_PEEKSIGINFO, data, data + 256);
	ASK("GETSIGMASK", PTRACE_GETSIGMASK, 8, data);
	ASK("SETSIGMASK", PTRACE_SETSIGMASK, 8, data);
	ASK("SECCOMP_GET_FILTER", PTRACE_SECCOMP_GET_FILTER, 0, 0);
	memset(room, 0, 16);
	ASK("SECCOMP_GET_METADATA", PTRACE_SECCOMP_GET_METADATA, 16, data);
	ASK("GET_SYSCALL_INFO", PTRACE_GET_SYSCALL_INFO, 88, data);
	ASK("GET_RSEQ_CONFIGURATION", PTRACE_GET_RSEQ_CONFIGURATION, 24, data);
	ASK("20", 20, 0, 0);
	ASK("0x4210", 0x4210, 0, 0);
}

/* Those that let it go on, with or without a good signal */
static UNUSED void req_moving(req_call *call, pid_t pid, long sig)
{
	ASK("CONT", PTRACE_CONT, 0, sig);
	ASK("SYSCALL", PTRACE_SYSCALL, 0, sig);
	ASK("SINGLESTEP", PTRACE_SINGLESTEP, 0, sig);
	ASK("SINGLEBLOCK", PTRACE_SINGLEBLOCK, 0, sig);
	ASK("SYSEMU", PTRACE_SYSEMU, 0, sig);
	ASK("SYSEMU_SINGLESTEP", PTRACE_SYSEMU_SINGLESTEP, 0, sig);
	ASK("DETACH", PTRACE_DETACH, 0, sig);
}

/* All that need a stop, in a state that is none: they all fail */
static UNUSED void req_refused(pid_t pid)
{
	req_call *call = quiet_pt;

	req_quiet(call, pid);
	req_moving(call, pid, 0);
	ASK("LISTEN", PTRACE_LISTEN, 0, 0);
	req_print();
}

/* The harmless ones, at a stop */
static UNUSED void req_at_stop(pid_t pid)
{
	req_quiet(quiet_pt, pid);
	req_print();
}

static UNUSED void spinning(void *arg)
{
	for (;;)
		;
}

static UNUSED void waiting(void *arg)
{
	/* libc registers and asks nothing here */
	for (;;)
		syscall(SYS_getppid);
}

/* Resume and wait, in words */
static UNUSED int req_go(pid_t pid, int request, int sig)
{
	pt(request, pid, 0, sig);
	show_wait(pid, __WALL);
	return last_status();
}

/* Interrupted in pause() */
static UNUSED void req_interrupt(pid_t pid)
{
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_wait(pid, __WALL);
}

/* The parts that tell something about a stop */
static UNUSED void req_show(pid_t pid)
{
	show_siginfo(pid);
	show_msg(pid);
	show_regs(pid);
	show_syscall(pid);
}

/* The last page of this is not there: for arguments that end too early */
static UNUSED char *req_edge(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS
#ifdef MAP_32BIT
			 | MAP_32BIT
#endif
			 , -1, 0);

	munmap(map + page, page);
	return map + page;
}

#endif
