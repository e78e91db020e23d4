//! Loading gives way to answering: on a machine with few cores, whoever waits for one record should not
//! wait for a file of millions.

/// How much lower the priority is: on Linux, a thread at 10 gets about a tenth of what one at 0 gets
/// where both want to run.
const LOWER_BY: i32 = 10;

/// Lowers the priority of this thread, and with it of the threads it starts from now on. There is no way
/// back, so it is for threads that do nothing else. Where it is not possible, nothing happens.
pub fn give_way() {
    #[cfg(target_os = "linux")]
    {
        // Of all systems, Linux alone has a priority for each thread: "this process" is this thread.
        let _ = rustix::process::setpriority_process(None, LOWER_BY);
    }
}
