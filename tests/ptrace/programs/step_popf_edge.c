// SPDX-License-Identifier: GPL-2.0-only
/*
 * A single step has to see whether the instruction is popf, wherever that lies:
 * at the end of what is mapped, in pages never touched or not readable, and
 * where there is no instruction at all.
 */
#include <sys/mman.h>
#include "step.h"

#define PAGE	4096
#define POPF	"\x9d\x90\x90\x90"	/* and nops */

void body(void *arg);
LABEL(behind);

asm(".text\nbody:\nint3\n" L(behind) "nop\nret\n");

static const struct label table[] = { SYM(behind), { NULL } };

static void *map(int prot, int fd, int pages)
{
	void *at = mmap(NULL, pages * PAGE, prot,
			MAP_PRIVATE | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

	if (at == MAP_FAILED)
		out("mmap: %s", show_errno(-1));
	return at;
}

/* Its last byte of a page is popf, and nothing, or more code, behind it */
static char *at_end(bool more)
{
	char *at = map(PROT_READ | PROT_WRITE | PROT_EXEC, -1, 2);

	at[PAGE - 1] = POPF[0];
	if (more)
		memset(at + PAGE, POPF[1], 64);
	else
		munmap(at + PAGE, PAGE);
	return at + PAGE - 1;
}

/* Pages of a file that no page table knows; the child is to be the first */
static char *untouched(int prot, long offset)
{
	int fd = memfd_create("code", 0);

	if (fd < 0 || ftruncate(fd, 2 * PAGE) ||
	    pwrite(fd, POPF, sizeof(POPF) - 1, offset) != sizeof(POPF) - 1)
		out("memfd: %s", show_errno(-1));
	return (char *)map(prot, fd, 2) + offset;
}

/* popf takes TF from the stack, which is the program's own from then on */
static void step_at(const char *what, const char *target)
{
	static unsigned long stack[64];
	struct user_regs_struct regs;
	pid_t pid;

	out("%s", what);
	stack[32] = 0x102;
	pid = start_body(body);
	regs = regs_of(pid);
	regs.R(ip) = (unsigned long)target;
	regs.R(sp) = (unsigned long)(stack + 32);
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
	if (go(pid, PTRACE_SINGLESTEP, 0)) {
		out("  moved %ld", (long)(regs_of(pid).R(ip) - regs.R(ip)));
		if (go(pid, PTRACE_CONT, 0))
			out("  moved %ld", (long)(regs_of(pid).R(ip) - regs.R(ip)));
	}
	finish(pid);
}

int main(void)
{
	labels = table;
	step_at("at the end of what is mapped", at_end(false));
	step_at("at the end of a page", at_end(true));
	step_at("in a page that nobody touched",
		untouched(PROT_READ | PROT_EXEC, 64));
	step_at("before one that nobody touched",
		untouched(PROT_READ | PROT_EXEC, PAGE - 2));
	step_at("where only execution is allowed", untouched(PROT_EXEC, 64));
	step_at("where only reading is", untouched(PROT_READ, 64));
	step_at("in no page", NULL);
	step_at("in the kernel's part", (char *)-PAGE);
	return 0;
}
