// SPDX-License-Identifier: GPL-2.0-only
/* Core dumps of tracees: the flag in the status and the exit event, the file's notes */
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/procfs.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "../rig.h"

enum { PLAIN, NO_LIMIT, NOT_DUMPABLE, THREADS };

static void *thread(void *arg)
{
	shm->pid[0] = syscall(SYS_gettid);
	reach(0);
	for (;;)
		pause();
	return NULL;
}

static void child(void *arg)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	long how = (long)arg;
	pthread_t id;

	if (how != NO_LIMIT)
		setrlimit(RLIMIT_CORE, &limit);
	if (how == NOT_DUMPABLE)
		prctl(PR_SET_DUMPABLE, 0);
	if (how == THREADS) {
		pthread_create(&id, NULL, thread, NULL);
		await(0);
	}
	raise(SIGQUIT);
}

#define EHDR		ElfW(Ehdr)
#define PHDR		ElfW(Phdr)
#define NOTE		ElfW(Nhdr)
#define SIGINFO_NOTE	0x53494749	/* NT_SIGINFO */

static void show_note(const NOTE *note, const void *data)
{
	const struct elf_prstatus *st = data;
	const struct elf_prpsinfo *ps = data;
	const siginfo_t *info = data;

	switch (note->n_type) {
	case NT_PRSTATUS:
		out("  %s: signal %d, cursig %d, pending %#lx, held %#lx, parent %s",
		    who(st->pr_pid), st->pr_info.si_signo, st->pr_cursig,
		    (long)st->pr_sigpend, (long)st->pr_sighold,
		    who(st->pr_ppid));
		break;
	case NT_PRPSINFO:
		out("  %s: state %c, zombie %d, %s", who(ps->pr_pid),
		    ps->pr_sname, ps->pr_zomb, ps->pr_fname);
		break;
	case SIGINFO_NOTE:
		out("  siginfo: %s, code %d, by %s", signame(info->si_signo),
		    info->si_code, who(info->si_pid));
		break;
	case NT_AUXV:
	case NT_FILE:
		out("  note %d", note->n_type);
		break;
	default:
		out("  note %#x, %u bytes", note->n_type, note->n_descsz);
	}
}

static const char *aligned(const char *p, long len)
{
	return p + ((len + 3) & ~3);
}

static void show_notes(const char *p, const char *end)
{
	while (p < end) {
		const NOTE *note = (const void *)p;

		p = aligned(p + sizeof(*note), note->n_namesz);
		show_note(note, p);
		p = aligned(p, note->n_descsz);
	}
}

static void show_core(const char *core)
{
	const EHDR *head = (const void *)core;
	const PHDR *ph = (const void *)(core + head->e_phoff);
	int i;

	for (i = 0; i < head->e_phnum; i++)
		if (ph[i].p_type == PT_NOTE)
			show_notes(core + ph[i].p_offset, core +
				   ph[i].p_offset + ph[i].p_filesz);
}

static void end(void)
{
	int fd = open("core", O_RDONLY);
	struct stat st;
	char *core;

	if (fd < 0) {
		out("no core file");
		return;
	}
	fstat(fd, &st);
	core = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (core == MAP_FAILED) {
		out("the core file: %s", show_errno(-1));
	} else {
		out("a core file");
		show_core(core);
		munmap(core, st.st_size);
	}
	close(fd);
	unlink("core");
}

int main(void)
{
	static const char *const names[] = {
		"plain", "limit 0", "not dumpable", "threads",
	};
	char pattern[64] = "";
	int fd;
	pid_t pid;
	long i;

	fd = open("/proc/sys/kernel/core_pattern", O_RDONLY);
	if (fd < 0 || read(fd, pattern, sizeof(pattern) - 1) < 0)
		return 1;
	out("core_pattern %.*s", (int)strcspn(pattern, "\n"), pattern);
	for (i = 0; i < 4; i++) {
		out("%s", names[i]);
		shm->step[0] = 0;
		pid = spawn_seized("tracee", child, (void *)i,
				   PTRACE_O_TRACEEXIT);
		show_wait(pid, 0);
		pt(PTRACE_CONT, pid, 0, SIGQUIT);
		show_wait(pid, 0);
		show_msg(pid);
		end();
		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
		/* not through a stop */
		shm->step[0] = 0;
		pid = spawn_seized("tracee", child, (void *)i, 0);
		show_wait(pid, 0);
		pt(PTRACE_DETACH, pid, 0, SIGQUIT);
		show_wait(pid, 0);
		end();
	}
	/* another thread stands in a stop */
	shm->step[0] = 0;
	pid = spawn_seized("leader", child, (void *)THREADS, 0);
	show_wait(pid, 0);
	name(shm->pid[0], "thread");
	pt(PTRACE_SEIZE, shm->pid[0], 0, 0);
	pt(PTRACE_INTERRUPT, shm->pid[0], 0, 0);
	show_wait(shm->pid[0], __WALL);
	pt(PTRACE_CONT, pid, 0, SIGQUIT);
	show_wait(shm->pid[0], __WALL);
	show_wait(pid, 0);
	end();
	close(fd);
	return 0;
}
