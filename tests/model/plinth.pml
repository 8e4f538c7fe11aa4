/* Daemon, wire, drive and people, step by step in every order: the protocol of stopping.
 *
 * The C++ of latch and gate is explored by itself (tests/exploration). What it cannot show is what happens
 * between programs: telegrams that are lost, repeated or late, a daemon that dies and starts again while its old
 * telegrams still travel, a drive that must stop by itself when nobody talks to it.
 *
 *   Daemon ──wire──► Drive        one stream, so telegrams keep their order
 *      ▲ reads or does not  │
 *      └────────────────────┘     People: stop, reset, start, grips. Fate: kills and starts the daemon. Clock: ticks.
 *
 * Times are left out but for two: a telegram may be as late as it likes while a stop is under way, but has come or
 * is lost before the half second of rest is over that a reset takes; and the drive counts ticks.
 *
 * Variants, each of which must fail (tests/model/CMakeLists.txt), prove that the model can:
 *   RESTART_FROM_ZERO  the heartbeat begins anew after a restart, and the drive heeds nothing that it takes for a
 *                      repetition: the first stop of the new daemon may be swallowed
 *   NO_WATCHDOG        the drive believes in its daemon for ever
 *   RESET_STARTS       clearing a latch gives the permission back
 *   OFF_UNSEEN         the drive is disabled although its brake was not seen shut
 */

#define Modulus 4  /* of the heartbeat; 65536 on the wire. Two telegrams travel at most, so four tell them apart */
#define Patience 2 /* ticks without a fresh heartbeat until the drive stops by itself */
#define TooOld 2   /* cycles without a report until the daemon calls it stale */

mtype:ask = { Torque, Lower, Stop, Off, Clear };       /* what one telegram asks of the drive */
mtype:drive = { Disabled, Running, Stopping, Stopped } /* as the drive's own states */
mtype:permission = { Latched, Ready, Granted }

#ifndef Late
#define Late 1 /* telegrams that may be under way at once */
#endif
chan wire = [Late] of { mtype:ask, byte };

/* --- the drive --- */
mtype:drive drive = Disabled;
bool load;             /* it resists the legs: the one thing that must not outlive a stop */
bool lowering;         /* it runs, but takes the legs down without load */
bool run_was_low = true;
byte accepted;         /* the last heartbeat that it took */
byte unfed;
bool tripped;

/* --- the daemon --- */
bool alive = true;
bool reborn;           /* has started and not made its first cycle */
mtype:permission permission = Latched;
bool stop_request;     /* taken by the next cycle */

/* --- what an onlooker notes --- */
bool started;          /* somebody has pressed Start since the last reset */

inline begin_stop() {
  if
  :: drive == Running -> drive = Stopping; lowering = false
  :: else
  fi
}

inline disable() {
  drive = Disabled; load = false; lowering = false; run_was_low = true
}

/* A stop that arrives is honoured, whatever its heartbeat. */
inline heed_a_stop(what) {
  if
  :: what == Stop -> begin_stop()
  :: what == Off || what == Clear ->
     assert(!load); /* the brake never falls into moving legs */
     disable()
  :: else
  fi
}

inline obey(what) {
  if
  :: what == Torque && drive == Disabled && run_was_low && !tripped ->
     assert(started); /* nothing moves but after a Start */
     drive = Running; load = true; lowering = false; run_was_low = false
  :: what == Torque && drive == Running -> load = true; lowering = false
  :: what == Lower && drive == Running -> load = false; lowering = true
  :: what == Clear -> heed_a_stop(what); tripped = false
  :: else -> heed_a_stop(what)
  fi
}

active proctype Drive() {
  mtype:ask what;
  byte heartbeat;
end:
  do
  :: atomic {
       if
       :: wire?what,heartbeat
       :: wire?<what,heartbeat> /* and will arrive again */
       fi;
       if
       :: heartbeat == accepted ->
#ifndef RESTART_FROM_ZERO
          heed_a_stop(what)
#else
          skip
#endif
       :: else -> accepted = heartbeat; unfed = 0; obey(what)
       fi;
       assert(what != Stop || drive != Running); /* no stop that arrives is swallowed */
       what = Off; heartbeat = 0
     }
  od
}

active proctype Clock() {
end:
  do
  :: atomic {
       if
       :: drive == Running && unfed < Patience -> unfed++
#ifndef NO_WATCHDOG
       :: drive == Running && unfed == Patience -> tripped = true; begin_stop()
#endif
       :: drive == Running && lowering -> drive = Stopped; lowering = false /* the legs have come to rest */
       :: drive == Stopping -> load = false; drive = Stopped
       :: else
       fi
     }
  od
}

/* One cycle: read, judge, command. What happens between reading and sending looks to the drive like a telegram that
 * is late, so it needs no steps of its own. That somebody resets or presses Start may happen in any cycle. */
active proctype Daemon() {
  byte heartbeat, age;
  bool heartbeat_known = true, sees_rest, clear, torque_was_sent;
  mtype:ask next;
end:
  do
  :: atomic { alive && reborn -> /* a restart forgets everything */
       permission = Latched; reborn = false; age = TooOld; torque_was_sent = true; heartbeat = 0;
#ifdef RESTART_FROM_ZERO
       heartbeat_known = true
#else
       heartbeat_known = false
#endif
     }
  :: atomic { alive && !reborn ->
       if /* the report came, or it did not */
       :: age = 0;
          if
          :: !heartbeat_known -> heartbeat = accepted; heartbeat_known = true
          :: else
          fi
       :: age < TooOld -> age++
       :: age == TooOld
       fi;
       /* Before the drive has been seen to run, a torque telegram may still be on its way to it. */
       sees_rest = age == 0 && (drive == Stopped || drive == Disabled && !torque_was_sent);

       if /* the latch */
       :: stop_request || permission == Granted && (age == TooOld || tripped && age == 0) ->
          permission = Latched; stop_request = false
       :: else ->
          if
          :: permission == Latched && sees_rest && empty(wire) -> /* a reset */
             clear = true; started = false;
#ifdef RESET_STARTS
             permission = Granted
#else
             permission = Ready
#endif
          :: permission == Ready && age == 0 && drive == Disabled -> permission = Granted; started = true /* Start */
          :: permission == Granted -> permission = Ready /* the set is finished */
          :: true
          fi
       fi;

       if /* the gate: off is only what was seen at rest */
       :: permission == Granted -> next = Torque; torque_was_sent = true
       :: permission != Granted && clear -> next = Clear; torque_was_sent = false
#ifdef OFF_UNSEEN
       :: permission != Granted && !clear -> next = Off
#else
       :: permission != Granted && !clear && sees_rest -> next = Off; torque_was_sent = false
       :: permission == Latched && !clear && !sees_rest -> next = Stop
       :: permission == Ready && !clear && !sees_rest -> next = Lower
#endif
       fi;

       if
       :: heartbeat_known ->
          heartbeat = (heartbeat + 1) % Modulus;
          if
          :: nfull(wire) -> wire!next,heartbeat
          :: full(wire) -> wire?_,_; wire!next,heartbeat /* the one before was lost */
          :: true                                        /* this one was */
          fi
       :: else
       fi;
       sees_rest = false; clear = false; next = Off
     }
  od
}

/* Kills the daemon at any moment; starts it again, or never. What it had sent may still arrive. */
active proctype Fate() {
end:
  do
  :: alive -> alive = false
  :: atomic { !alive -> alive = true; reborn = true }
  :: !alive /* stays dead */
  :: atomic { !alive && nempty(wire) -> wire?_,_ } /* its connection went with it */
  od
}

active proctype People() {
end:
  do
  :: stop_request = true
  od
}

/* Whoever asks for a stop sees the load go: told by a telegram, or by the drive's own watchdog. */
ltl stop_is_followed_by_no_load { [] (stop_request -> <> !load) }
/* And so it goes when the daemon is dead. */
ltl death_is_followed_by_no_load { [] (!alive -> <> (!load || alive)) }
