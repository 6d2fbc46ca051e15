"""Who goes first when several things happen at one instant, in words and as code.

Time is a whole number of microseconds, so ties are real and frequent: a shift ends, a cycle ends and a part
arrives at 14:00:00.000000. The outcome must not depend on the order in which a program happened to start its
loops, so it is written here, and every engine follows it.

**Timed events** of one instant, by class, inside a class by index:

0. work or a repair ends (index: machine; after all machines, stop: failure mode, planned stop or loss)
1. a state reaches a level
2. a shift opens (index: calendar; after all calendars, the week of a source begins)
3. arrival (index: source; after all sources, spare)
4. failure or planned stop due (index: stop)
5. a shift closes (index: calendar)

Before the first of them, at time 0, all machines ask for a part, by index.

**Direct places.** A place (the buffer before a station) that at most one machine fills and at most one machine
empties is never contested. It grants at once, inside the event that asks: a part goes to the waiting getter, else
to a free place; a getter takes the oldest part, and then a part that was blocked moves up. Sinks accept at once.
A part that arrives by itself finds room where a put would, and is refused and gone otherwise; arrivals are judged
before the grants.

**Closed loops and rework.** All parts of a loop are born at time 0, in the order of their sources; when one leaves the
plant another is born in the same event, before the next grant. A part that is sent back goes to the place of an earlier
visit like any other; it leaves its machine when it finds room there.

**Parts that are always there.** A part of such a source is born when a machine takes it: after the parts that lie in
the place and those that a machine wants to put there; among several such sources, the one whose next number is
smallest gives it. Parts that lie in the plant at time 0 count against the first week's volume.

**Grants.** When no timed event of the instant is left and every process that could run has run, exactly one request
is granted; its process runs on with everything it causes, which may bring new timed events of the same instant
(zero-length work is work); then the rules look again. Processes run on in the order of their grants, and rows of the
trace stand in the order in which they became complete. Kinds in this order:

0. puts into contested places: downstream first (larger place depth), then (asked, machine)
1. stops that wait for the end of a cycle, for machines whose part could not leave: by stop index
2. gets from contested places: (asked, machine)
3. moves of lines with movers, as below; then moves by vehicle, as below
4. seizes of resources: (priority, asked, requester); a request that cannot be met bars nobody. Requesters are
   machines, then stops
5. stops that wait for a machine without a part: by machine, for machines that still wait for one

A put is possible if a place is free, or if an eligible getter waits for it (zero places hand over). A get takes the
item that comes first by (arrival at the place, part number) with dispatch rule `fifo`, by (priority of the product,
arrival, part number) with `priority`, by (mean setup from what the machine made last, arrival, part number) with
`least_setup`, and by (value of the rule, part number) with the others, whose value is the mean
cycle of the visit (`spt`, or the longest with `lpt`), the due date (`edd`), the most mean work to come, this visit
included (`mwkr`), or the most visits to come (`mopnr`). Requests of a stopped machine (failed, in maintenance,
off shift) are not eligible: a finished part does not leave a failed machine, and an idle one takes nothing.

**Loads.** A machine that takes several parts at once gets a load when at least `least` parts wait, or one has waited
for its limit (an event of class 1), or its place has a source that always has a part. It takes the first `most` by the
rule; where a load must be of one product, the parts of the product that comes first by the rule and has enough.
Sources that always have a part fill it up. After the work, each part is judged and put for itself, in that order.

**People.** Units come with the opening of their hours and go with the closing, both as events of calendars; who comes
to a shift is drawn at its beginning, with the events of class 1. A task (phase of a cycle, repair, setup) asks for a
team: a unit for each need, from the first pool that has a free one, the earlier needs choosing first, and of a pool
the unit with the smallest number. It gets the whole team or nothing, by (priority, asked, requester); in a pool with
`in_order` an eligible request that cannot be met bars the later ones from the pools that it waits for. If no free
units do, a request takes units of `preemptive` pools from tasks of lower priority, the lowest first, then the latest
grant, then the larger requester; such a task loses its whole team, stands still, and asks again with its old place in
the order. A unit whose hours are over finishes its task (`finish`), unless the machine goes off shift, or leaves at
once (`leave`), and the task asks again likewise.

**Ends of shifts.** With policy `no_start` the cycle is drawn when the part is there; the machine asks for its
resources, or for none, and the request can be met only while the cycle, begun now, would end in this open stretch.

**Waits.** A part whose wait has reached its limit leaves the place in class 1, before any grant of that instant, and so
does one that a machine has taken but not begun to work (for want of people, of a setup, or of time in this shift); they
leave in the order in which they came. A machine without any part left begins anew and asks for another one. A part that
comes too late, counted since its work, leaves the place in the event in which it comes; one whose work has been
interrupted has begun in time. A machine without a part is switched off in class 1, `off_after` after it
asked; the first machine that is off, by index, warms up when a part comes for which no other one waits or warms up.
Duties are stops that are always due and wait for an idle machine (kind 4). Parts of a sub-lot come to the place
together, when its last one does, in the order in which they came.

**Choice.** At a place with campaigns, blocking before work or preemption, a get is possible if the machine may take a
part that is there: of its product of now; with room at the place that follows, counting the places kept for parts at
work. A campaign changes over when its machine is idle (kind 4): exhausted, or done with those that waited when it was
ready for them, or with its lot. If no machine waits and a part of higher priority does, the part of the lowest
priority gives way, of these the one whose work began last; it stands first of its priority, and its work goes on
later where it stopped.

**Assemblies and splits.** A set of parts is taken when a machine takes the part that is made of it, the oldest parts
first, of matched pieces those whose set was complete first. The pieces of a divided part are born, in the order of
the bill, in the event in which it comes to the end of its way, and go to their first places at once.

**Lines with movers.** A line is looked at when one of its machines or movers has changed, or at the time that its
timetable names (class 1; index: after all stations, line). One thing is begun at a time, by the first mover, by index,
that stands at a spot and may now go on there, or has nothing to do and finds a job: the next move of its fixed cycle, a
move without a carrier being left out; or on demand, of the carriers that are finished and have a free spot of the next
step, the one that comes first by the rule. `fifo` takes the one finished first, `nearest` the one with the shortest
way, then finished first, `downstream` the last step, then finished first; a hoist line takes the one whose window
closes first, and a new carrier when none is to be taken and no window would break. Ties go to the later step, then the
spot with the smaller index. A carrier goes to the nearest free spot, then the one with the smaller index; it is kept
for it from the beginning of the job. A hoist begins a job only if no other one claims the stretch of the track that it
sweeps; one that has nothing to do and stands there is sent to the nearest place beyond. When no mover can begin
anything, the line stops after a shift that has been finished, and the load station looks for parts again. A mover that
comes to a spot where it may go on at once does not wait for the grants. Several movers of one timetable are
looked at in the order of their next moves, and none makes or leaves out a move that comes after one of another mover
that should have started before and has not.

**Setups** begin when the machine has taken a part of another product than its last one, before it asks for resources;
those after a random share of the parts begin when the part has left, after the loss of the cycle.

**Sensors** of a machine look at a part in the order of the plant file, when its work has ended and before it leaves, in
the same event; a part that one of them rejects is not shown to the next. Gauges come before inspections; all charts of
a measure see a sample before anything follows an alarm. Then, chart by chart: parts are sorted out, an adjustment
begins, the machine stands still, planned maintenance begins. The part stays in the machine until all these stops are
over, and its work is over when they are. A planned stop that falls due meanwhile waits like one that falls due during
work.

**Vehicles.** A machine whose part goes by vehicle calls one and keeps the part until it has been picked. A call can
be granted if its machine is not stopped and a place at the end of the move is free; without places, a machine that
waits there and is not spoken for. The place is kept until the part has been put down; parts that come otherwise find
it taken. Places to which vehicles bring parts are contested. One decision per grant, in this order: a vehicle at a
machine that has become able to let its part go picks it; a vehicle that has picked and has room takes another call of
the same move, or goes; a free vehicle takes a call: by fleet, then oldest (asked, machine, drive to it, vehicle),
nearest (drive, asked, machine, vehicle) or by priority (of the product, asked, machine, drive, vehicle); a free
vehicle without a call goes to where it parks, and takes the next call when it has arrived. An empty vehicle with a
low battery is charged before it is free. Failures and closed hours hold its stopwatch; a pick under way is ended
whatever becomes of the machine. Its events come after those of machines and stops: failures of vehicles, then
vehicles.

**Flow cells.** Parts enter when the belt runs (of one that does not accumulate: when no part waits at the exit) and the
part before has moved on by a pitch; of one that accumulates, or stands behind others, with room for one more. At one
reading of the belt the exit comes first: it judges its part and lets it go, then one may enter. A belt that does not
accumulate stands while its exit waits, and its entrance takes nothing. A part that waits at the exit until it has been
inside too long leaves as scrap in class 1, of a stopped cell when that runs again, but not if a vehicle comes.
`after_cycle` stops, and the end of a shift with `finish`, begin when a part has moved on by a pitch, or the next part
reaches the exit. `when_idle` asks for an empty cell. An empty belt stands; a walking beam steps from its first part on.
A web that breaks loses all pieces inside but one that already waits at the exit. Exit and entrance have the index of
their machine.

**Stops.** Any number of stops may hold a machine; its stopwatch runs when none does. Failures on the working clock
come due when the stopwatch has run that long; if two modes of a machine come due together, the second
strikes when the machine runs again, and so does one that comes due in the instant in which another stop begins. A
calendar clock runs on through everything, from the end of the last repair.
`immediate` stops begin when due; `after_cycle` stops (and the end of a shift with policy `finish`) begin at once if no
work is under way, else when the work has ended and its part has left or found no place. `when_idle` stops begin when
the machine asks for a part and gets none: one per grant, by machine, then in the order in which they fell due. A
planned stop that falls due while its last one is not over is left out.
The loss of a cycle holds the machine from the moment at which its part has left; stops that waited for the end of the
cycle begin after it. Repairs and planned stops make no progress while their machine is off shift. A stop asks for its
crew when it begins; the request is not eligible off shift, and a crew that has come stays until the stop is over.

**Renewal.** A failure mode begins its clock anew at the end of a repair as new, of its replacement, and of a planned
stop that renews it; the clocks of its replacement and inspection begin anew with it, and what was due of them is
dropped. A repair as old goes on at the age that the mode had. Of a failure, its replacement and its inspection that
come due together on the stopwatch, the one of the smaller stop index comes first: failures, then replacement, then
inspection; in calendar time too. A replacement is not begun while its failure is being repaired as new, and a mode that
is being renewed does not fail meanwhile. A defect that appears in the instant in which an inspection ends is found.
Replacements, inspections and planned stops on the stopwatch, on parts or on wear count from the end of their last one.

**Parts and wear** are counted when the work on a part ends, before the part is judged; what comes due then begins, by
stop index, when that part has left its machine or found no place, as `after_cycle` stops do, failures too. The first
part of a load stands for the work of the load.

**Alongside.** When a failure or planned stop (replacement and inspection are such too, loss and setup are not) has
begun to hold its machine, stops of that machine within their window, and what an inspection found if the stop is a
planned one, begin in the same instant, by stop index, each with its own crew; none begins early without its spare. A
stop in open time that was done early is left out at its next moment, which the ones after it do not notice.

**Spares.** A stop asks for its spare when it begins, and for its crew when it has the spare. Asking orders the next
one, or sends the used one to the shop, at once; so does a stop that has to wait. A spare comes to the shelf like an
arrival (class 3, index: after all sources, spare) and goes at once to the stop that comes first by (priority, asked,
stop), else to stops that were put off while their machine runs on, in the order in which they fell due; those look
again whether one is left when they begin. The crew of a shop is a seize of priority 0 whose requesters come after all
stops and vehicles.
"""

WORK_ENDS, LEVEL_REACHED, SHIFT_OPENS, ARRIVAL, STOP_DUE, SHIFT_CLOSES = range(6)
INDEX_BITS = 20


def event_priority(event_class: int, index: int) -> int:
    """Return the integer by which events of one instant are ordered: class first, then index.

    >>> event_priority(WORK_ENDS, 5) < event_priority(ARRIVAL, 0) < event_priority(ARRIVAL, 1)
    True
    """
    return event_class << INDEX_BITS | index
