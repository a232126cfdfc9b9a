/* SPDX-License-Identifier: GPL-2.0-only */
/* 32-bit ptrace calls of a 64-bit program, and small 32-bit programs to exec */
#ifndef REQ_COMPAT_H
#define REQ_COMPAT_H

#include "req.h"

#ifdef __x86_64__

/* The other table of system calls; ptrace is 26 there */
static UNUSED long call32(long nr, long a, long b, long c, long d)
{
	register long ret asm("rax") = nr;

	asm volatile("int $0x80" : "+r"(ret)
		     : "b"(a), "c"(b), "d"(c), "S"(d)
		     : "memory", "r8", "r9", "r10", "r11");
	ret = (int)ret;
	if (ret < 0 && ret > -4096) {
		errno = -ret;
		return -1;
	}
	return ret;
}

static UNUSED long pt32(int request, pid_t pid, long addr, long data)
{
	return call32(26, request, pid, addr, data);
}

/* An iovec of a 32-bit caller; the data of it is in req_room */
static UNUSED struct {
	uint32_t base, len;
} req_iov32;

static UNUSED long regset32(int request, pid_t pid, long type, long len)
{
	req_iov32.base = (long)req_room;
	req_iov32.len = len;
	return pt32(request, pid, type, (long)&req_iov32);
}

/* What a program of one piece of code is, in either size; at 1 MB */
#define IMAGE_AT 0x100000

static UNUSED int image_fd(bool is64, const char *code, size_t size)
{
	int fd = memfd_create("image", 0);
	union {
		Elf32_Ehdr e32;
		Elf64_Ehdr e64;
		char room[256];
	} head = { .room = { 0 } };

	memcpy(head.room, ELFMAG, SELFMAG);
	head.room[EI_VERSION] = EV_CURRENT;
	head.room[EI_CLASS] = is64 ? ELFCLASS64 : ELFCLASS32;
	head.room[EI_DATA] = ELFDATA2LSB;
	head.e32.e_type = ET_EXEC;
	head.e32.e_machine = is64 ? EM_X86_64 : EM_386;
	head.e32.e_version = EV_CURRENT;
	if (is64) {
		Elf64_Phdr *ph = (void *)(head.room + sizeof(head.e64));

		head.e64.e_entry = IMAGE_AT + sizeof(head);
		head.e64.e_phoff = sizeof(head.e64);
		head.e64.e_ehsize = sizeof(head.e64);
		head.e64.e_phentsize = sizeof(*ph);
		head.e64.e_phnum = 1;
		*ph = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X,
				    .p_vaddr = IMAGE_AT, .p_align = 4096,
				    .p_filesz = sizeof(head) + size,
				    .p_memsz = sizeof(head) + size };
	} else {
		Elf32_Phdr *ph = (void *)(head.room + sizeof(head.e32));

		head.e32.e_entry = IMAGE_AT + sizeof(head);
		head.e32.e_phoff = sizeof(head.e32);
		head.e32.e_ehsize = sizeof(head.e32);
		head.e32.e_phentsize = sizeof(*ph);
		head.e32.e_phnum = 1;
		*ph = (Elf32_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X,
				    .p_vaddr = IMAGE_AT, .p_align = 4096,
				    .p_filesz = sizeof(head) + size,
				    .p_memsz = sizeof(head) + size };
	}
	if (write(fd, &head, sizeof(head)) != sizeof(head) ||
	    write(fd, code, size) != (ssize_t)size)
		out("image: %s", show_errno(-1));
	return fd;
}

static UNUSED void image_exec(int fd)
{
	static char path[] = "/proc/self/fd/XXX";
	char *const none[] = { NULL };

	sprintf(path + 14, "%d", fd);
	execve(path, none, none);
	out("exec: %s", show_errno(-1));
}

/*
 * 32 bit: int3, getuid32, kill(self, SIGUSR1), exec of /proc/self/fd/100 if
 * there is one, exit(42)
 */
extern const char image32[], image32_end[];
/* 64 bit: int3, getuid, exit(43) */
extern const char image64[], image64_end[];

asm(".pushsection .rodata\n"
	".code32\n"
	".globl image32, image32_end\n"
	"image32:\n"
	"	int3\n"
	"	mov	$199, %eax\n"
	"	int	$0x80\n"
	"	mov	$20, %eax\n"
	"	int	$0x80\n"
	"	mov	%eax, %ebx\n"
	"	mov	$10, %ecx\n"
	"	mov	$37, %eax\n"
	"	int	$0x80\n"
	"	call	1f\n"
	"	.asciz	\"/proc/self/fd/100\"\n"
	"1:	pop	%ebx\n"
	"	xor	%ecx, %ecx\n"
	"	xor	%edx, %edx\n"
	"	mov	$11, %eax\n"
	"	int	$0x80\n"
	"	mov	$42, %ebx\n"
	"	mov	$1, %eax\n"
	"	int	$0x80\n"
	"image32_end:\n"
	".code64\n"
	".globl image64, image64_end\n"
	"image64:\n"
	"	int3\n"
	"	mov	$102, %eax\n"
	"	syscall\n"
	"	mov	$43, %edi\n"
	"	mov	$60, %eax\n"
	"	syscall\n"
	"image64_end:\n"
	".popsection\n");

/* A tracee in the 32-bit program, behind its int3 */
static void image_start(void *arg)
{
	int fd = image_fd(false, image32, image32_end - image32);

	image_exec(fd);
}

static UNUSED pid_t start32(long options)
{
	pid_t pid = spawn_traced("tracee", image_start, NULL);

	quiet_pt(PTRACE_SETOPTIONS, pid, 0, options | PTRACE_O_TRACEEXEC);
	req_go(pid, PTRACE_CONT, 0);
	return pid;
}

#endif
#endif
