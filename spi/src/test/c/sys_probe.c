// SPDX-License-Identifier: Apache-2.0
/* Prints the constants that io.vpmd.spi.sys uses, as the system's headers have them. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/membarrier.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define P(name) printf("%s %lld\n", #name, (long long)(name))
#define AS(name, value) printf("%s %lld\n", name, (long long)(value))

int main(void)
{
	P(EPERM); P(ENOENT); P(ESRCH); P(EINTR); P(EIO); P(ENXIO); P(EBADF); P(EAGAIN); P(ENOMEM);
	P(EACCES); P(EBUSY); P(EEXIST); P(ENODEV); P(EINVAL); P(EMFILE); P(ENOTTY); P(ENOSPC);
	P(EPIPE); P(ERANGE); P(ENAMETOOLONG); P(ENOSYS); P(ENODATA); P(ETIME); P(EBADFD);
	P(EMSGSIZE); P(EPROTONOSUPPORT); P(EOPNOTSUPP); P(EADDRINUSE); P(EADDRNOTAVAIL); P(ENOBUFS); P(ETIMEDOUT);
	P(O_RDONLY); P(O_WRONLY); P(O_RDWR); P(O_CREAT); P(O_NONBLOCK); P(O_CLOEXEC);
	P(EPOLL_CTL_ADD); P(EPOLL_CTL_DEL); P(EPOLLIN); P(EFD_NONBLOCK); P(EFD_CLOEXEC);
	AS("EVENT_SIZE", sizeof(struct epoll_event));
	AS("SYS_MEMBARRIER", SYS_membarrier);
	AS("CMD_GLOBAL", MEMBARRIER_CMD_GLOBAL);
	AS("CMD_PRIVATE_EXPEDITED", MEMBARRIER_CMD_PRIVATE_EXPEDITED);
	AS("CMD_REGISTER_PRIVATE_EXPEDITED", MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	AS("PROT_READ_WRITE", PROT_READ | PROT_WRITE);
	P(MAP_SHARED); P(MAP_POPULATE); P(MFD_CLOEXEC); P(MFD_HUGETLB);
	AS("SYS_SETUP", SYS_io_uring_setup);
	AS("SYS_ENTER", SYS_io_uring_enter);
	AS("SYS_REGISTER", SYS_io_uring_register);
	AS("OFF_SQ_RING", IORING_OFF_SQ_RING);
	AS("OFF_SQES", IORING_OFF_SQES);
	AS("SETUP_SUBMIT_ALL", 1U << 7);
	AS("FEATURE_SINGLE_MMAP", IORING_FEAT_SINGLE_MMAP);
	AS("REGISTER_FILES", IORING_REGISTER_FILES);
	AS("UNREGISTER_FILES", IORING_UNREGISTER_FILES);
	AS("ENTER_GETEVENTS", IORING_ENTER_GETEVENTS);
	AS("SQE_SIZE", sizeof(struct io_uring_sqe));
	AS("CQE_SIZE", sizeof(struct io_uring_cqe));
	AS("params.size", sizeof(struct io_uring_params));
	AS("params.flags", offsetof(struct io_uring_params, flags));
	AS("params.cq_entries", offsetof(struct io_uring_params, cq_entries));
	AS("params.features", offsetof(struct io_uring_params, features));
	AS("params.sq_off.tail", offsetof(struct io_uring_params, sq_off.tail));
	AS("params.sq_off.array", offsetof(struct io_uring_params, sq_off.array));
	AS("params.cq_off.head", offsetof(struct io_uring_params, cq_off.head));
	AS("params.cq_off.tail", offsetof(struct io_uring_params, cq_off.tail));
	AS("params.cq_off.ring_mask", offsetof(struct io_uring_params, cq_off.ring_mask));
	AS("params.cq_off.cqes", offsetof(struct io_uring_params, cq_off.cqes));
	AS("sqe.opcode", offsetof(struct io_uring_sqe, opcode));
	AS("sqe.flags", offsetof(struct io_uring_sqe, flags));
	AS("sqe.fd", offsetof(struct io_uring_sqe, fd));
	AS("sqe.off", offsetof(struct io_uring_sqe, off));
	AS("sqe.addr", offsetof(struct io_uring_sqe, addr));
	AS("sqe.len", offsetof(struct io_uring_sqe, len));
	AS("sqe.rw_flags", offsetof(struct io_uring_sqe, rw_flags));
	AS("sqe.user_data", offsetof(struct io_uring_sqe, user_data));
	AS("cqe.user_data", offsetof(struct io_uring_cqe, user_data));
	AS("cqe.res", offsetof(struct io_uring_cqe, res));
	AS("FIXED_FILE", IOSQE_FIXED_FILE);
	AS("OP_WRITEV", IORING_OP_WRITEV);
	AS("OP_WRITE", IORING_OP_WRITE);
	return 0;
}
