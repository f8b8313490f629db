package io.espat.sim;

/** The parts of one module that its commands work on. */
record Parts(
    Setup setup,
    EventLoop loop,
    Uart uart,
    Memory memory,
    Links links,
    Resolver resolver,
    CommandPort port,
    Station station,
    Faults faults,
    LinkSecurity security) {}
