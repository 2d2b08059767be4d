"""What the first sheet of a workbook tells whoever fills it in, in English and Chinese."""

GUIDE_LINES = (
    "Fill in the yellow columns; do not change the grey ones. 请填写黄色列，不要改动灰色列。",
    "One row is one figure: value, low and high (or a spread), grade, source, note. "
    "每行一个指标：数值、上下限（或幅度）、等级、来源、说明。",
    "What you know replaces what is assumed: overwrite the value, name the source, set the grade, "
    "clear the spread or write low and high. "
    "已知数据请覆盖假设值，注明来源并修改等级，清空幅度或填写上下限。",
    "grade: document 文件, statistic 统计, literature 文献, assumed 假设. What is assumed needs a "
    "range. "
    "假设值必须有区间。",
    "spread: x/2 means half to double, +-20% a fifth up and down, none means exact (say why in the "
    "note). "
    "幅度：x/2 即减半至加倍。",
    "Shares are between 0 and 1; 35% is read as 0.35. 比例填 0 到 1，35% 视为 0.35。",
    "Lists are written a, b, c. Ids of sectors, components and places are those of docs/model.md. "
    "列表用逗号分隔，编号见文档。",
    "To add a place, a line or a policy, copy all rows of one and change the id in the first column. "
    "新增城市、线路或政策：复制整组行并修改编号。",
    "To delete a row, delete the whole row: a blank value is an error. 删除请整行删除，数值留空视为错误。",
    "No merged cells; a formula counts by the value that Excel has calculated and saved. "
    "不要合并单元格；公式按已保存的计算结果读取。",
    "Other sheets of your own are left alone and not read back. 自建的其他工作表不会被读取。",
    "Read it back: relocsim workbook read FILE.xlsx --out FOLDER. Every error names its sheet and "
    "cell. "
    "读回命令见上，错误会指明单元格。",
)
"""Lines of the guide."""
