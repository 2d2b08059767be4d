"""What a field is, in Chinese and English, for the column that explains it; and which words may stand there.

English comes from the documentation of the models themselves. This module refuses to open workbooks.
"""

from __future__ import annotations

import enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from relocsim.policies import catalogue
from relocsim.spec.nodes import Steps
from relocsim.spec.shapes import Record, Row, Shape, Table, below

CHINESE = {
    "name": "英文名", "name_zh": "中文名", "province": "省份", "belt": "地带", "origin": "是否转出地", "destination": "是否可选目的地",
    "lon": "经度", "lat": "纬度", "sites": "包含地级市数", "population": "常住人口", "gdp": "地区生产总值", "region": "沿海区域",
    "secondary_share": "第二产业占比", "wage": "城镇单位平均工资", "wage_correction": "制造业工资系数", "land_price": "工业地价",
    "floor_rent": "标准厂房租金", "park_land": "园区工业用地", "park_occupied": "园区土地占用率", "park_land_growth": "园区用地年增量",
    "floor_space": "标准厂房面积", "floor_occupied": "厂房占用率", "floor_space_growth": "标准厂房年增量", "power_tariff": "工业电价",
    "talent": "人才满足率", "resources": "本地资源", "approval_days": "审批天数", "fees": "行政收费", "credibility": "兑现信誉",
    "capital_subsidy": "投资补贴", "tax_holiday": "税收减免", "clearance_days": "通关天数", "revenue": "一般预算收入",
    "rule": "政府应对规则", "group": "所属组", "standing": "知名度", "owners": "所有制结构", "manufacturing_ratio": "制造业产值系数",
    "specialisation": "行业区位商", "lacks": "缺失环节", "mode": "运输方式", "opens": "开通日期", "closes": "停用日期",
    "planned": "规划中", "stops": "站点", "hours": "区间运行时间", "fare": "票价", "through": "直通线路", "kind": "类型",
    "on": "是否实施", "city": "城市", "start": "开始", "end": "结束", "note": "说明", "question": "问题", "firms": "企业样本数",
    "seed": "随机种子", "study": "研究对象", "corridor": "走廊城市", "stage": "统计阶段", "packages": "政策组合", "rivals": "竞争对手",
    "land": "新增用地", "floor": "新增厂房", "build_years": "建设年数", "land_cost": "用地成本", "floor_cost": "厂房成本",
    "rent_relief": "租金减免", "job_subsidy": "就业补贴", "leader_award": "龙头奖励", "approval_cut": "审批压缩", "fee_cut": "收费削减",
    "outlay": "年支出", "sectors": "行业", "origins": "来源地", "effort": "力度", "targeting": "精准度", "components": "关键环节",
    "output": "产值", "supervised_share": "督办比例", "quota": "用地指标", "hectare_cost": "每公顷成本", "better_known": "知名度提升",
}  # fmt: skip
"""Chinese names of fields; those of the rest are in the manual in English alone."""


def shape_at(shape: Shape | None, steps: Steps) -> Shape | None:
    """Return what belongs at the end of a path; none where no such entry can be."""
    for step in steps:
        if shape is None:
            return None
        shape = below(shape, step)
    return shape


def field_of(shape: Shape | None, steps: Steps) -> FieldInfo | None:
    """Return the declaration of the last field on a path."""
    found: FieldInfo | None = None
    for step in steps:
        if isinstance(shape, Record):
            found = shape.model.model_fields.get(str(step), found)
        shape = below(shape, step) if shape is not None else None
        if shape is None:
            break
    return found


def meaning(shape: Shape | None, steps: Steps) -> str:
    """Return what a field is: its Chinese name, and the first sentence of its documentation."""
    named = [str(step) for step in steps if isinstance(step, str)]
    chinese = next((CHINESE[word] for word in reversed(named) if word in CHINESE), "")
    declared = field_of(shape, steps)
    english = " ".join((declared.description or "").split()) if declared else ""
    inner = f" [{named[-1]}]" if len(named) > 1 and named[-1] not in CHINESE and isinstance(shape, Record | Table) else ""
    return f"{chinese} {english}{inner}".strip()


def choices(shape: Shape | None, steps: Steps) -> tuple[str, ...]:
    """Return the words among which a field is chosen; none where any may stand."""
    declared = field_of(shape, steps)
    at = shape_at(shape, steps)
    if declared is None or isinstance(at, Row | Record | Table):
        return ()
    return _words(declared.annotation)


def _words(annotation: Any) -> tuple[str, ...]:
    if annotation is bool:
        return ("TRUE", "FALSE")
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return tuple(str(one.value) for one in annotation)
    if get_origin(annotation) is Literal:
        return tuple(str(one) for one in get_args(annotation))
    if get_origin(annotation) is Annotated:
        return _words(get_args(annotation)[0])
    if get_origin(annotation) is Union or str(get_origin(annotation)) == "<class 'types.UnionType'>":
        arms = [_words(arm) for arm in get_args(annotation) if arm is not type(None)]
        return arms[0] if len(arms) == 1 else ()
    return ()


def policy_shape(kind: object) -> Shape | None:
    """Return what belongs in a policy of a kind; none where there is no such kind."""
    model: type[BaseModel] | None = catalogue().get(kind) if isinstance(kind, str) else None
    return Record(model) if model is not None else None
