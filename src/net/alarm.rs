//! An alarm that any thread sets and one task waits for.
//!
//! tokio's timers tick in milliseconds and round up. On Linux there is a better one that costs as little: a timer that is a file
//! (timerfd_create(2)), in nanoseconds and without the kernel's slack, for which the runtime waits as it waits for its sockets.

#[cfg(target_os = "linux")]
pub(super) use by_file::Alarm;
#[cfg(not(target_os = "linux"))]
pub(super) use by_runtime::Alarm;

#[cfg(target_os = "linux")]
mod by_file {
    use std::io;
    use std::os::fd::{AsFd, AsRawFd, RawFd};
    use std::time::Duration;

    use nix::sys::time::TimeSpec;
    use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    use crate::base::time::RealSpan;

    #[derive(Debug)]
    struct File(TimerFd);

    impl AsRawFd for File {
        fn as_raw_fd(&self) -> RawFd {
            self.0.as_fd().as_raw_fd()
        }
    }

    #[derive(Debug)]
    pub(in super::super) struct Alarm(AsyncFd<File>);

    impl Alarm {
        /// An alarm that is not set. Within a runtime.
        #[expect(
            deprecated,
            reason = "its successor is unsafe, for files that change hands; this one is kept here alone"
        )]
        pub(in super::super) fn new() -> io::Result<Self> {
            let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
            let file = File(TimerFd::new(ClockId::CLOCK_MONOTONIC, flags)?);
            AsyncFd::with_interest(file, Interest::READABLE).map(Self)
        }

        /// Sets it to ring so long from now, and not before.
        pub(in super::super) fn set(&self, after: RealSpan) {
            // Nothing would be never.
            let after = TimeSpec::from_duration(Duration::from_nanos(after.nanos().max(1)));
            // What can be wrong with these is wrong in the program.
            let _ = self.0.get_ref().0.set(Expiration::OneShot(after), TimerSetTimeFlags::empty());
        }

        /// Waits until it rings. It may have rung for what it was set to before.
        pub(in super::super) async fn rings(&self) {
            if let Ok(mut ringing) = self.0.readable().await {
                ringing.clear_ready();
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod by_runtime {
    use std::io;
    use std::time::Duration;

    use tokio::sync::watch;
    use tokio::time::{Instant, sleep_until};

    use crate::base::time::RealSpan;

    #[derive(Debug)]
    pub(in super::super) struct Alarm(watch::Sender<Option<Instant>>);

    impl Alarm {
        /// An alarm that is not set. Within a runtime.
        pub(in super::super) fn new() -> io::Result<Self> {
            Ok(Self(watch::Sender::new(None)))
        }

        /// Sets it to ring so long from now, and not before.
        #[expect(clippy::disallowed_methods, reason = "part of the clock")]
        pub(in super::super) fn set(&self, after: RealSpan) {
            self.0.send_replace(Some(Instant::now() + Duration::from_nanos(after.nanos())));
        }

        /// Waits until it rings. It may have rung for what it was set to before.
        pub(in super::super) async fn rings(&self) {
            let mut set = self.0.subscribe();
            loop {
                let due = *set.borrow_and_update();
                let due_comes = async {
                    match due {
                        Some(due) => sleep_until(due).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = due_comes => {
                        // Unless it was set anew just now, it is not set any more.
                        self.0.send_if_modified(|at| at.take_if(|at| Some(*at) == due).is_some());
                        return;
                    }
                    changed = set.changed() => {
                        if changed.is_err() {
                            return;
                        }
                    }
                }
            }
        }
    }
}
