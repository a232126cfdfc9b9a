/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs a number of instructions that can be told from its text: 1 + 2 * 500,
 * a system call with 2 more before it, and 3 with which it ends; the last
 * returns no more.
 */
	.globl _start
_start:
	mov	$500, %ecx
1:	dec	%ecx
	jnz	1b
	mov	$110, %eax
	xor	%edi, %edi
	syscall
	mov	$60, %eax
	xor	%edi, %edi
	syscall
	.section .note.GNU-stack, "", @progbits
