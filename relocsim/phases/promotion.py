"""Promotion: what tells firms of a place beyond its standing and nearness, and how visits help to sign.

Settled plants tell firms of their sector and origin, their customers and suppliers; cities make contacts, which are counted
and spread over the firms that they are aimed at. All of it adds contact intensity by segment and place; nothing here
touches a choice. What every place does anyway is part of its standing.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from relocsim import kernels
from relocsim.kernels import Fixed, valuing
from relocsim.phases.awareness import nearness
from relocsim.phases.effort import winning_effort
from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers
from relocsim.world.network import Access
from relocsim.world.projects import INTENTION, Projects
from relocsim.world.state import PlaceState

_NOBODY = 1e-9
"""Firms or output below which there is nobody to compare with."""


@once
def yields(setting: Setting, levers: Levers) -> np.ndarray:
    """Return what promotion yields in each place over what it usually does, (P,): packaging and effort."""
    return (
        levers["packaging"] * winning_effort(setting, levers)
        if setting.switches.promotion
        else np.ones(len(setting.places.ids))
    )


@once
def better_promoted(setting: Setting, levers: Levers) -> np.ndarray:
    """Return contacts a year of better usual promotion, (P,)."""
    terms = setting.parameters
    usual = terms.awareness_base * terms.usual_promotion * setting.places.standing
    return usual * (yields(setting, levers) - 1)


def by_place(setting: Setting, levers: Levers, access: Access) -> np.ndarray:
    """Return these and contacts of familiarity with a co-built park, broadcastable to (O, P)."""
    better = better_promoted(setting, levers)
    if not (setting.switches.promotion and levers.pulled("familiarity")):
        return better
    near, studied = nearness(setting, access), setting.places.studied
    nearer = np.zeros_like(near)
    nearer[studied] = np.maximum(levers["familiarity"].T - near[studied], 0.0)
    return better + setting.parameters.awareness_proximity * nearer


@once
def stock(setting: Setting) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return firms at the start by sector (S, 1) and by origin (O, 1), and output of the studied origins, (O, S, 1).

    Output is without end where there is none, so that nothing counts against it.
    """
    firms = setting.firms.sum(axis=2)
    peers, kin = (np.maximum(firms.sum(axis=axis), _NOBODY)[:, None] for axis in (0, 1))
    standing = setting.output[setting.places.origins] * setting.places.studied[:, None]
    return peers, kin, np.where(standing > 0, np.maximum(standing, _NOBODY), np.inf)[:, :, None]


@once
def dealers(setting: Setting) -> sparse.csr_array:
    """Return the weight of each sector among the customers and suppliers of others, (S, S): `partners` by the other side."""
    return setting.partners.T.tocsr()


@once
def acquaintances(setting: Setting) -> Fixed:
    """Return what the kernel of `informants` goes by."""
    terms, (peers, kin, standing) = setting.parameters, stock(setting)
    return valuing.acquaintances(
        dealers(setting), peers=peers, kin=kin, standing=standing, studied=setting.places.studied.astype(float),
        of_sector=terms.peers_of_sector, of_origin=terms.peers_of_origin, of_partners=terms.partners,
    )  # fmt: skip


def informants(setting: Setting, plants: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Return how many firms that a firm hears of or deals with produce in each place, expected, (O, S, P).

    `plants` counts the firms that came and produce, `output` is theirs, both (O, S, P). A firm hears of some firms of its
    sector and of its origin, whoever they are, so that the share of these that produce in a place counts; its customers and
    suppliers at its origin count by their output, as the input-output table has it.
    """
    terms, (peers, kin, standing) = setting.parameters, stock(setting)
    of_sector, of_origin = plants.sum(axis=0) / peers, plants.sum(axis=1) / kin * setting.places.studied[:, None]
    moved = output / standing
    origins, sectors, places = plants.shape
    dealt = setting.partners @ moved.swapaxes(0, 1).reshape(sectors, -1)
    partners = dealt.reshape(sectors, origins, places).swapaxes(0, 1)
    known = terms.peers_of_sector * of_sector + (terms.peers_of_origin * of_origin)[:, None, :]
    return known + terms.partners * partners


def unheard(setting: Setting, state: PlaceState) -> np.ndarray:
    """Return the chance that none of the firms known is settled in a place, (O, S, P)."""
    if not kernels.library:
        return np.exp(-informants(setting, state.plants, state.plants_output))
    known = valuing.informants(kernels.library, acquaintances(setting), state.plants, state.plants_output)
    return np.exp(known, out=known)


def by_peers(setting: Setting, state: PlaceState, years: float, beside: np.ndarray) -> np.ndarray:
    """Return contacts in `years` through firms settled in a place, and those had `beside`, (O, P); (O, S, P).

    They follow the chance that one of those known is there.
    """
    told, weight = unheard(setting, state), setting.parameters.awareness_peers * years
    if kernels.library:
        valuing.tell(kernels.library, told, weight, beside)
        return told
    np.subtract(1, told, out=told)  # expm1 is many times as slow
    told *= weight
    told += beside[:, None, :]
    return told


def heard(setting: Setting, state: PlaceState, levers: Levers, access: Access, usual: np.ndarray) -> np.ndarray:
    """Return the contacts of a quarter, broadcastable to (O, S, Z, P): `usual` ones (O, P) and those added here."""
    by_origin = usual + by_place(setting, levers, access) / 4
    if setting.switches.peers:
        told = by_peers(setting, state, 0.25, by_origin)[:, :, None, :]
    else:
        told = by_origin[:, None, None, :]
    if not (setting.switches.promotion and levers.pulled("contacts")):
        return told
    return told + campaigns(setting, levers)


@once
def campaigns(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the contacts of a quarter that campaigns make, (O, S, Z, P): none at origins that are not studied."""
    made = np.zeros(setting.shape)
    made[setting.places.studied] = by_campaigns(setting, levers) / 4
    return made


def by_campaigns(setting: Setting, levers: Levers) -> np.ndarray:
    """Return what campaigns tell firms of the studied origins a year, (O, S, Z, P).

    Members of a group that leave sectors to each other pass on the contacts that they make there: firms hear of the members
    that keep the sector, in equal parts.
    """
    told, off = levers["contacts"] * yields(setting, levers), levers["bid_off"].T
    if not (setting.switches.groups and off.any()):
        return told
    together = setting.places.siblings | np.eye(len(off[0]), dtype=bool)
    takes = (1 - off) * levers["bids_jointly"]
    taking = np.einsum("sq,qp->sp", takes, together)
    part = np.divide(takes, taking, out=np.zeros_like(takes), where=taking > 0)
    passed = np.einsum("oszq,qp->oszp", told * off[:, None, :], together)
    return told * (1 - off)[:, None, :] + passed * part[:, None, :]


@once
def heard_by_owners(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the contacts of a quarter that firms have by who owns them, wherever they stand, (W, P)."""
    contacts = levers["owner_contacts"] * yields(setting, levers) / 4
    return contacts if setting.switches.promotion else np.zeros_like(contacts)


def signing(setting: Setting, levers: Levers, projects: Projects, rows: np.ndarray) -> np.ndarray:
    """Return by what visits multiply the hazard of signing, (P,): the more a visitor has to close, the less for each.

    `rows` are the open projects; visits are compared with the firms behind intentions under way.
    """
    terms, size = setting.parameters, len(setting.places.ids)
    if not (setting.switches.promotion and levers.pulled("visits")):
        return np.ones(size)
    waiting = rows[projects.stage[rows] == INTENTION]
    firms = np.bincount(projects.place[waiting], projects.firms[waiting], minlength=size)
    each = levers["visits"] * yields(setting, levers) / 4 / np.maximum(firms, _NOBODY)
    return np.minimum((1 + each / terms.visits_per_signing) ** terms.visit_elasticity, terms.visit_limit)
